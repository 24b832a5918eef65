package histories

import (
	"fmt"
	"slices"
	"strings"

	"muster/models"
)

// All are the histories. Each is told anew.
func All() []*History {
	return slices.Concat(loops(), machines(), people(), automation(), seats(), strangers(), states(), calm(), mixed())
}

// staff and laptop name who works at Contoso.
func staff(i int) string  { return fmt.Sprintf("person%d", i) }
func laptop(i int) string { return fmt.Sprintf("lt-%03d.emea.contoso.example", i) }

// mac is a hardware address of its own for each number.
func mac(i int) string { return fmt.Sprintf("00:53:00:00:%02x:%02x", i>>8, i&255) }

// somewhere is an address in a network of its own for each number.
func somewhere(i int) string { return fmt.Sprintf("%d.%d.1.1", 60+i, i) }

// expected is a list of the first n people of the staff.
func expected(n int) string {
	var list strings.Builder
	for i := range n {
		fmt.Fprintln(&list, staff(i))
	}
	return list.String()
}

// Remedies that are wrong in many histories.
var (
	noRaise  = []models.RemedyKind{models.RemedyRaise}
	noDelete = []models.RemedyKind{models.RemedyDelete, models.RemedyDeleteSurplus}
	noChange = []models.RemedyKind{
		models.RemedyRaise, models.RemedyGiveBack, models.RemedyDelete, models.RemedyDeleteSurplus,
		models.RemedyReplace, models.RemedyOwnToken,
	}
)
