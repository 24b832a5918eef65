package ui

import (
	"strconv"
	"strings"
	"testing"

	"muster/models"
)

func TestQRCode_HoldsTheThreeMarksThatScannersLookFor(t *testing.T) {
	t.Parallel()
	code, err := NewQRCode(models.Secret("https://muster.example.org/redeem#mrt_" + strings.Repeat("z", 80)))
	if err != nil {
		t.Fatal(err)
	}
	dark := func(x, y int) bool { return strings.Contains(code.Path, "M"+strconv.Itoa(x)+" "+strconv.Itoa(y)+"h1") }
	last := code.Size - 1
	for _, corner := range [][2]int{{0, 0}, {last - 6, 0}, {0, last - 6}} {
		x, y := corner[0], corner[1]
		if !dark(x, y) || !dark(x+6, y+6) || dark(x+1, y+1) || !dark(x+3, y+3) {
			t.Errorf("no finder pattern at %d, %d", x, y)
		}
	}
	if _, err := NewQRCode(models.Secret(strings.Repeat("z", 4000))); err == nil {
		t.Error("a text too long for any QR code was drawn")
	}
}
