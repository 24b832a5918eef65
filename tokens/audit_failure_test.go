package tokens_test

import (
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/models/lists"
	"muster/tokens"
)

// Without its row in the trail no change happens (rule 22): the trail
// cannot be written here, and after each call the database is what it was.
func TestService_NoChangeWithoutItsAuditRow(t *testing.T) {
	t.Parallel()
	type call func(r *rig) error
	// world is what a call may change.
	type world struct {
		token   *models.RegistrationToken
		secret  models.Secret
		machine *tokens.IssuedAuthToken
		keyID   string
		asked   string // a request to raise
	}
	const editCall = "the call that edited"
	calls := map[string][]func(w world) call{}
	add := func(method string, with func(w world) call) { calls[method] = append(calls[method], with) }
	add("CreateRegistrationToken", func(world) call {
		return func(r *rig) error {
			_, _, err := r.CreateRegistrationToken(r.ctx(), admin, models.RegistrationTokenSettings{Count: ptr(1)})
			return err
		}
	})
	add("CreateRegistrationTokens", func(world) call {
		return func(r *rig) error {
			recipients := []models.Recipient{{Name: "Ann"}, {Name: "Bob"}}
			_, err := r.CreateRegistrationTokens(r.ctx(), admin, recipients, models.RegistrationTokenSettings{})
			return err
		}
	})
	for _, settings := range []models.RegistrationTokenSettings{
		{Count: ptr(9)}, {Enabled: ptr(false)}, {Note: ptr("changed")}, {ExpiresAt: ptr(start.Add(48 * time.Hour))},
	} {
		add("UpdateRegistrationToken", func(w world) call {
			return func(r *rig) error {
				_, err := r.UpdateRegistrationToken(r.ctx(), admin, w.token.ID, settings)
				return err
			}
		})
	}
	add("ResetRegistrationToken", func(w world) call {
		return func(r *rig) error {
			_, err := r.ResetRegistrationToken(r.ctx(), admin, w.token.ID, models.RegistrationTokenSettings{Count: ptr(7)})
			return err
		}
	})
	add("ReplaceRegistrationToken", func(w world) call {
		return func(r *rig) error {
			_, _, err := r.ReplaceRegistrationToken(r.ctx(), admin, w.token.ID, models.RegistrationTokenSettings{})
			return err
		}
	})
	add("ReplaceRegistrationTokens", func(w world) call {
		return func(r *rig) error {
			_, err := r.ReplaceRegistrationTokens(r.ctx(), admin, []string{w.token.ID}, nil, 1)
			return err
		}
	})
	add("SetAdmission", func(w world) call {
		return func(r *rig) error {
			_, err := r.SetAdmission(r.ctx(), admin, w.token.ID, models.AdmissionSettings{Mode: models.ListAdd, Entries: lists.ReadExpected("ann", lists.Choices{}).Entries})
			return err
		}
	})
	add("SettleClaims", func(w world) call {
		return func(r *rig) error {
			_, err := r.SettleClaims(r.ctx(), admin, w.token.ID, models.ListVerify, 1)
			return err
		}
	})
	add("DisableRegistrationTokens", func(w world) call {
		return func(r *rig) error {
			_, err := r.DisableRegistrationTokens(r.ctx(), admin, []string{w.token.ID})
			return err
		}
	})
	add("EditRegistrationTokens", func(w world) call {
		return func(r *rig) error {
			_, err := r.EditRegistrationTokens(r.ctx(), admin, []string{w.token.ID}, models.SelectionChange{RaiseBy: 5}, 1)
			return err
		}
	})
	add("UndoRegistrationTokens", func(world) call {
		return func(r *rig) error { _, err := r.UndoRegistrationTokens(r.ctx(), admin, editCall); return err }
	})
	for _, both := range []bool{false, true} {
		add("DeleteRegistrationTokens", func(w world) call {
			return func(r *rig) error {
				_, err := r.DeleteRegistrationTokens(r.ctx(), admin, []string{w.token.ID}, models.RegistrationTokenDeletion{AuthTokens: both})
				return err
			}
		})
		add("DeleteRegistrationToken", func(w world) call {
			return func(r *rig) error {
				_, err := r.DeleteRegistrationToken(r.ctx(), admin, w.token.ID, models.RegistrationTokenDeletion{AuthTokens: both})
				return err
			}
		})
		add("DeleteAuthToken", func(w world) call {
			return func(r *rig) error {
				return r.DeleteAuthToken(r.ctx(), admin, w.machine.AuthToken.ID, "lost", both)
			}
		})
		add("DeleteAuthTokens", func(w world) call {
			return func(r *rig) error {
				_, err := r.DeleteAuthTokens(r.ctx(), admin, models.AuthTokenDeletion{
					Filter: models.AuthTokenFilter{RegistrationTokenID: w.token.ID}, ReturnCount: both,
				})
				return err
			}
		})
	}
	add("LookupRegistrationToken", func(w world) call {
		return func(r *rig) error { _, err := r.LookupRegistrationToken(r.ctx(), admin, w.secret); return err }
	})
	add("LookupAuthToken", func(w world) call {
		return func(r *rig) error { _, _, err := r.LookupAuthToken(r.ctx(), admin, w.machine.AccessToken); return err }
	})
	add("Redeem", func(w world) call {
		return func(r *rig) error { _, err := r.Redeem(r.ctx(), request(w.secret, "eve")); return err }
	})
	add("Redeem", func(w world) call {
		return func(r *rig) error {
			again := request(w.secret, "eve")
			again.IdempotencyKey = "0123456789abcdef"
			_, err := r.Redeem(r.ctx(), again)
			return err
		}
	})
	// The refresh token that was rotated twice comes back: the family ends.
	add("Refresh", func(w world) call {
		return func(r *rig) error { _, err := r.Refresh(r.ctx(), w.machine.RefreshToken, origin); return err }
	})
	add("Revoke", func(w world) call {
		return func(r *rig) error { _, err := r.Revoke(r.ctx(), w.machine.AccessToken, origin); return err }
	})
	add("UpdateAuthToken", func(w world) call {
		return func(r *rig) error {
			_, err := r.UpdateAuthToken(r.ctx(), admin, w.machine.AuthToken.ID, models.AuthTokenLabels{Identifier: ptr("new")})
			return err
		}
	})
	add("DeleteOwnAuthToken", func(w world) call {
		return func(r *rig) error { return r.DeleteOwnAuthToken(r.ctx(), ann, w.machine.AuthToken.ID, "lost") }
	})
	for _, remedy := range []models.RequestedRemedy{
		{Kind: models.RemedyExtend}, {Kind: models.RemedyReplace}, {Kind: models.RemedyDelete},
	} {
		add("AskRequest", func(w world) call {
			if remedy.Kind == models.RemedyDelete {
				remedy.AuthTokens = []string{w.machine.AuthToken.ID}
			}
			return func(r *rig) error {
				r.clock.advance(time.Hour)
				_, err := r.AskRequest(r.ctx(), helpdesk, models.NewRequest{RegistrationTokenID: w.token.ID, Remedy: remedy, Reason: "they wait"})
				return err
			}
		})
	}
	add("ApproveRequest", func(w world) call {
		return func(r *rig) error { _, err := r.ApproveRequest(r.ctx(), admin, w.asked, nil); return err }
	})
	add("DeclineRequest", func(w world) call {
		return func(r *rig) error { _, err := r.DeclineRequest(r.ctx(), admin, w.asked, "no"); return err }
	})
	add("WithdrawRequest", func(w world) call {
		return func(r *rig) error { _, err := r.WithdrawRequest(r.ctx(), helpdesk, w.asked); return err }
	})
	for _, kind := range []string{models.ObjectRegistrationToken, models.ObjectAuthToken} {
		add("AddNote", func(w world) call {
			id := map[string]string{models.ObjectRegistrationToken: w.token.ID, models.ObjectAuthToken: w.machine.AuthToken.ID}[kind]
			return func(r *rig) error {
				_, err := r.AddNote(r.ctx(), helpdesk, models.NewNote{ObjectKind: kind, ObjectID: id, Text: "called back"})
				return err
			}
		})
	}
	add("CreateAPIKey", func(world) call {
		return func(r *rig) error {
			_, _, err := r.CreateAPIKey(r.ctx(), admin, "k", models.RoleAdmin, nil, nil)
			return err
		}
	})
	add("RevokeAPIKey", func(w world) call {
		return func(r *rig) error { return r.RevokeAPIKey(r.ctx(), admin, w.keyID) }
	})
	add("EnsureSigningKey", func(world) call {
		return func(r *rig) error {
			return r.service(r.open()).EnsureSigningKey(r.ctx())
		}
	})

	// What changes nothing that is audited.
	quiet := map[string]bool{"AuthenticateAPIKey": true, "Introspect": true, "IssuedBefore": true, "JWKS": true, "WouldAdmit": true, "WouldAdmitAgain": true, "Close": true, "Heard": true, "Settle": true, "PreviewRequest": true}
	for method := range reflect.TypeFor[*tokens.Service]().Methods() {
		if len(calls[method.Name]) == 0 && !quiet[method.Name] {
			t.Errorf("%s is not tried here", method.Name)
		}
	}
	for method, ways := range calls {
		for i, with := range ways {
			t.Run(fmt.Sprintf("%s %d", method, i), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				w := world{}
				w.token, w.secret = r.create(3)
				claim := request(w.secret, "ann")
				claim.Verified = annVerified
				var err error
				if w.machine, err = r.Redeem(t.Context(), claim); err != nil {
					t.Fatal(err)
				}
				if method == "Refresh" {
					r.refresh(r.refresh(w.machine.RefreshToken).RefreshToken)
				}
				key, _, err := r.CreateAPIKey(t.Context(), admin, "key", models.RoleAdmin, nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				w.keyID = key.ID
				w.asked = r.ask(w.token.ID, models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(2)}).ID
				if method == "SettleClaims" {
					r.claimable(w.token.ID, models.Admission{}, "bob@example.org")
				}
				if method == "UndoRegistrationTokens" {
					editor := admin
					editor.Origin.RequestID = editCall
					if _, err := r.UpdateRegistrationToken(t.Context(), editor, w.token.ID, models.RegistrationTokenSettings{Note: ptr("changed")}); err != nil {
						t.Fatal(err)
					}
				}
				act := with(w)
				r.breakTrail()
				if method == "EnsureSigningKey" {
					r.forgetSigningKeys()
				}
				before := r.dump()
				r.told()
				if err := act(r); err == nil {
					t.Error("it worked without its audit row")
				}
				if after := r.dump(); after != before {
					t.Errorf("something changed:\n%s\nwas\n%s", after, before)
				}
				if told := r.told(); len(told) > 0 {
					t.Errorf("the live pages were told of %+v", told)
				}
			})
		}
	}
}

func (r *rig) raw() *sql.DB {
	r.t.Helper()
	db, err := sql.Open("sqlite3", strings.TrimPrefix(r.url, "sqlite://")+"?_busy_timeout=5000")
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = db.Close() })
	return db
}

// breakTrail makes every insert into the audit trail fail, and into the ledger, which is
// the trail of redemptions.
func (r *rig) breakTrail() {
	r.t.Helper()
	for _, table := range []string{"audit_events", "redemptions"} {
		_, err := r.raw().ExecContext(r.ctx(), `CREATE TRIGGER trail_is_broken_`+table+` BEFORE INSERT ON `+table+`
			BEGIN SELECT RAISE(ABORT, 'the trail cannot be written'); END`)
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *rig) forgetSigningKeys() {
	r.t.Helper()
	if _, err := r.raw().ExecContext(r.ctx(), "DELETE FROM signing_keys"); err != nil {
		r.t.Fatal(err)
	}
}

// dump is every row of every table, but for what the desk derives from them.
func (r *rig) dump() string {
	r.t.Helper()
	db := r.raw()
	var all strings.Builder
	for _, table := range r.column(db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'desk_%' ORDER BY name") {
		columns := r.column(db, "SELECT 'quote(' || name || ')' FROM pragma_table_info('"+table+"')")
		for _, row := range r.column(db, "SELECT "+strings.Join(columns, " || '|' || ")+" FROM "+table+" ORDER BY 1") {
			fmt.Fprintf(&all, "%s %s\n", table, row)
		}
	}
	return all.String()
}

func (r *rig) column(db *sql.DB, query string) []string {
	r.t.Helper()
	rows, err := db.QueryContext(r.ctx(), query)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var values []string
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			r.t.Fatal(err)
		}
		values = append(values, value)
	}
	if err := rows.Err(); err != nil {
		r.t.Fatal(err)
	}
	return values
}
