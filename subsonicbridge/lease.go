package subsonicbridge

import "time"

// askAgain is how often somebody asks who waits for what another process has in hand.
const askAgain = 250 * time.Millisecond

// These set the lease ($1) of a row as long as it is still ours ($3).
const (
	setPollLease   = `UPDATE subsonic_connections SET lease = $1 WHERE account_id = $2 AND lease = $3`
	setMirrorLease = `UPDATE subsonic_mirrors SET lease = $1 WHERE want_id = $2 AND lease = $3`
)
