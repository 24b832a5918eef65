package usegroups

import (
	"database/sql"
	"time"

	"gorm.io/gorm"
)

// Of lets the database count the groups of rows of the desk by a column; live is the
// condition of those that can be used at @now. Ids sort by time, so they tell the first
// and the last.
func Of(rows *gorm.DB, column, live string, now time.Time) *gorm.DB {
	return rows.Select(column+` = '' AS unknown, COUNT(*) AS uses,
	SUM(CASE WHEN count_reclaimed THEN 1 ELSE 0 END) AS reclaimed,
	SUM(CASE WHEN deleted_at IS NOT NULL THEN 1 ELSE 0 END) AS deleted,
	SUM(CASE WHEN `+live+` THEN 1 ELSE 0 END) AS live,
	SUM(CASE WHEN count_reclaimed THEN 0 ELSE 1 END) AS held,
	COUNT(DISTINCT CASE WHEN count_reclaimed OR vague OR device = '' THEN NULL ELSE device || ' ' || person END)
		+ SUM(CASE WHEN (vague OR device = '') AND NOT count_reclaimed THEN 1 ELSE 0 END) AS held_devices,
	COUNT(DISTINCT NULLIF(person, '')) AS people,
	COUNT(DISTINCT NULLIF(device, '')) AS devices,
	MIN(id) AS id, MAX(id) AS last`, sql.Named("now", now.UTC())).Group(column)
}
