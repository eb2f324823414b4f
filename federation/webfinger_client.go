package federation

import "context"

// Handle names an account: @user@host.
type Handle struct{ User, Host string }

// ParseHandle reads "@a@host", "a@host" or "acct:a@host".
func ParseHandle(s string) (Handle, error) { panic("todo") }

// WebFinger returns the actor id of a handle.
func (c *Client) WebFinger(ctx context.Context, handle string) (actorID string, err error) {
	panic("todo")
}
