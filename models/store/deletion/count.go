package deletion

import (
	"fmt"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/projection"
)

// NotReclaimed holds for those that were deleted and still hold their count.
const NotReclaimed = "deleted_at IS NOT NULL AND NOT count_reclaimed"

// Count counts what a deletion does to the selected, before it does it: previews
// and deletions call it, so that they agree. KindConflict with
// CodeUnexpectedNumber, and with CodeSeveralMatch when a name in the filter fits
// several people or devices. The database counts, so that
// a preview of a million rows need not read them.
func Count(selected *gorm.DB, d models.AuthTokenDeletion) (models.AuthTokenDeletionResult, error) {
	acted, late := "deleted_at IS NULL", "1 = 0"
	if d.ReturnCount {
		acted, late = "(deleted_at IS NULL OR NOT count_reclaimed)", NotReclaimed
	}
	var result models.AuthTokenDeletionResult
	selected = selected.Session(&gorm.Session{})
	if err := refuseSeveral(selected.Where(acted), d.Filter); err != nil {
		return result, err
	}
	if err := selected.Select(`COUNT(*) AS matched,
		COALESCE(SUM(CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END), 0) AS deleted,
		COALESCE(SUM(CASE WHEN ` + late + ` THEN 1 ELSE 0 END), 0) AS late,
		COUNT(DISTINCT CASE WHEN ` + acted + ` THEN ` + deskKey("person") + ` END) AS people,
		COUNT(DISTINCT CASE WHEN ` + acted + ` THEN ` + deskKey("device") + ` END) AS devices`).Scan(&result).Error; err != nil {
		return result, err
	}
	result.AlreadyDeleted = result.Matched - result.Deleted
	if d.ReturnCount {
		result.Reclaimed = result.Acted()
	}
	if n := result.Acted(); d.Expected != nil && *d.Expected != n {
		return result, models.Conflict(models.CodeUnexpectedNumber,
			fmt.Sprintf("%d auth tokens would be deleted%s, not the expected %d. Nothing was changed.", n, orGivenBack(result), *d.Expected))
	}
	if result.Deleted == 0 {
		return result, nil
	}
	return result, selected.Where("deleted_at IS NULL").Order("last_seen_at DESC").Limit(1).Pluck("last_seen_at", &result.LastSeenAt).Error
}

func orGivenBack(r models.AuthTokenDeletionResult) string {
	if r.Late == 0 {
		return ""
	}
	return " or have their counts given back"
}

// deskKey is what the desk says about a row of auth_tokens; NULL for nothing.
func deskKey(column string) string {
	return "(SELECT NULLIF(known." + column + ", '') FROM desk_uses AS known WHERE known." + projection.Current + " AND known.id = auth_tokens.id)"
}
