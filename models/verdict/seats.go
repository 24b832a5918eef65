package verdict

import "muster/models"

// notGivenBack finds auth tokens that were deleted and whose counts were kept.
func notGivenBack(l *ledger) *finding { return l.seats(models.FindingNotGivenBack, isDeleted) }

// unusedSeats finds auth tokens that hold a count and are not in use.
func unusedSeats(l *ledger) *finding {
	f := l.seats(models.FindingUnusedSeats, isUnused)
	for _, i := range f.uses {
		switch {
		case l.is(i, isEnded):
			f.Unused.Ended++
		case !l.is(i, isLive):
			f.Unused.Lapsed++
		case l.refreshing && l.gone(i):
			f.Unused.NeverRefreshed++
		default:
			f.Unused.Silent++
		}
	}
	return f
}

func (l *ledger) seats(kind models.FindingKind, m mark) *finding {
	f := &finding{remedyKind: models.RemedyGiveBack, uses: l.selected(func(i int32) bool { return l.is(i, m) })}
	f.Kind, f.acted = kind, f.uses
	return f
}
