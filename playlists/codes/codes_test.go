package codes

import "testing"

func TestACodeIsSixDigitsAndMayBeTypedAnyWay(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100 {
		code, err := New()
		if err != nil {
			t.Fatal(err)
		}
		seen[code] = true
		for _, typed := range []string{code, Shown(code), " " + code[:3] + " " + code[3:] + "\n", "code: " + Shown(code) + "."} {
			if !Same([]byte(code), typed) {
				t.Errorf("%s typed as %q is refused", code, typed)
			}
		}
		for _, typed := range []string{"", code[:5], code + "0", "0" + code, "x" + code[1:]} {
			if Same([]byte(code), typed) {
				t.Errorf("%q is taken for %s", typed, code)
			}
		}
	}
	if len(seen) < 95 {
		t.Errorf("of 100 codes %d differ", len(seen))
	}
}
