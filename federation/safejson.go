package federation

// checkJSON refuses documents that are not safe to decode.
func checkJSON(doc []byte) error { panic("todo") }
