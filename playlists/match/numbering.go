package match

// numbering numbers hashes in the order in which they are first met. It is a map[uint64]uint32 whose keys are random already, so
// that to look one up is to wait for memory once.
type numbering struct {
	slots []slot // a power of two, at most three quarters of them taken
	count uint32
}

type slot struct {
	hash uint64
	next uint32 // the number after the hash's own, 0 in a free slot: four slots are a line of the processor's cache
	uses uint32 // for whoever counts them: here they need not be waited for
}

// number returns the number of a hash, and whether it is new.
func (ns *numbering) number(hash uint64) (n uint32, fresh bool) {
	s, fresh := ns.at(hash)
	return s.next - 1, fresh
}

// at returns the slot of a hash, and whether it is new. It is good until the next call.
func (ns *numbering) at(hash uint64) (s *slot, fresh bool) {
	if 4*int(ns.count) >= 3*len(ns.slots) {
		ns.grow()
	}
	s = ns.slot(hash)
	if s.next == 0 {
		ns.count++
		*s, fresh = slot{hash: hash, next: ns.count}, true
	}
	return s, fresh
}

// uses returns how often each number was used.
func (ns *numbering) uses() []uint32 {
	out := make([]uint32, ns.count)
	for _, s := range ns.slots {
		if s.next != 0 {
			out[s.next-1] = s.uses
		}
	}
	return out
}

// slot returns the slot of a hash, or the free one where it belongs.
func (ns *numbering) slot(hash uint64) *slot {
	mask := uint64(len(ns.slots) - 1)
	i := hash & mask
	for ns.slots[i].next != 0 && ns.slots[i].hash != hash {
		i = (i + 1) & mask
	}
	return &ns.slots[i]
}

func (ns *numbering) grow() {
	old := ns.slots
	ns.slots = make([]slot, max(64, 2*len(old)))
	for _, s := range old {
		if s.next != 0 {
			*ns.slot(s.hash) = s
		}
	}
}
