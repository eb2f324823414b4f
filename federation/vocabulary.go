package federation

const vocabularyPath = "/ns"
