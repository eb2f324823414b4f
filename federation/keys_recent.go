package federation

import (
	"sync"
	"time"
)

const (
	maxRecentKeys = 1_000            // keys held in memory; an RSA key has about a kilobyte
	recentKeyTime = 30 * time.Second // then a key is looked up again: another process may have read a newer one
)

// recentKeys holds the keys of other servers' actors that were used a moment ago, ready for use. Servers send in bursts.
type recentKeys struct {
	mu   sync.Mutex
	keys map[string]recentKey // by id
}

type recentKey struct {
	RemoteKey
	until time.Time
}

func (k *recentKeys) get(id string, now time.Time) (RemoteKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[id]
	return key.RemoteKey, ok && now.Before(key.until)
}

// put forgets everything when there are too many: a flood of keys costs what it did without this.
func (k *recentKeys) put(key RemoteKey, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil || len(k.keys) >= maxRecentKeys {
		k.keys = map[string]recentKey{}
	}
	k.keys[key.ID] = recentKey{key, now.Add(recentKeyTime)}
}

// forget forgets the keys of an actor whose document was read again.
func (k *recentKeys) forget(owner string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, key := range k.keys {
		if key.Owner == owner {
			delete(k.keys, id)
		}
	}
}
