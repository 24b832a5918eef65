package storetest

import (
	"testing"

	"muster/models/store"
)

// Run is what every database must pass. Open gives an empty, migrated store of
// the test's own.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	t.Helper()
	for name, test := range map[string]func(t *testing.T, f fixture){
		"Redeem_WritesLedgerAuthTokenAndTrail":            redeemWritesAll,
		"Redeem_RefusedChangesNothing":                    redeemRefused,
		"Redeem_ExpiredAtTheVerySecond":                   redeemAtExpiry,
		"Redeem_TheTimeUnderTheLockCounts":                redeemAfterWaiting,
		"Rotate_TheTimeUnderTheLockCounts":                rotateAfterWaiting,
		"Redeem_OtherZonesCompareByInstant":               redeemOtherZones,
		"Redeem_IdempotencyKeyHoldsUntilItIsOld":          redeemKeptAnswer,
		"Redeem_RefusedKeepsNoAnswer":                     redeemRefusedKeepsNoAnswer,
		"Redeem_ManyAtOnceTakeNoMoreThanTheCount":         redeemManyAtOnce,
		"Redeem_OneKeyManyTimesAtOnceTakesOneCount":       redeemOneKeyAtOnce,
		"Redeem_AgainstReplaceNeverExceedsTheCarriedOver": redeemAgainstReplace,
		"Redeem_AgainstDeleteWithReclaimKeepsTheBooks":    redeemAgainstReclaim,
		"Redeem_AgainstDeletionOfTheRegistrationToken":    redeemAgainstDeletion,
		"Rotate_OnlyThePresentedAndLive":                  rotateGuards,
		"Rotate_ManyAtOnceMoveOneGeneration":              rotateAtOnce,
		"Rotate_NeverAfterADelete":                        rotateAgainstDelete,
		"Update_GuardsSayWhichRefused":                    updateGuards,
		"Update_TwoAtOnceOneWins":                         updateAtOnce,
		"Replace_LinksBothOnce":                           replaceOnce,
		"Replace_ManyOrNone":                              replaceMany,
		"DeleteRegistrationToken_KeepsOrDeletes":          deleteRegistrationToken,
		"DeleteRegistrationToken_AgainWithItsAuthTokens":  deleteAgainWithAuthTokens,
		"DeleteRegistrationToken_ExpectedNumber":          deleteExpectedNumber,
		"Selection_DisablesWhatCanBeRedeemed":             disableSelection,
		"Selection_DeletesWithAuthTokens":                 deleteSelection,
		"Selection_AgainstRedemptions":                    selectionAgainstRedemptions,
		"Selection_TwoAtOnceThatOverlap":                  selectionOfTwoAtOnce,
		"DeleteAuthTokens_CountsAndExpectation":           deleteAuthTokens,
		"DeleteAuthTokens_ManyThousandsAtOnce":            deleteThousands,
		"DeleteAuthTokens_GivesCountsBackLater":           giveBackLater,
		"DeleteAuthTokens_GivesBackOnceHoweverManyAsk":    giveBackOnce,
		"EndAuthToken_Once":                               endOnce,
		"RefusedAttempts_CappedPerMinute":                 refusedCapped,
		"RegistrationTokens_FilterByStatus":               listByStatus,
		"RegistrationTokens_StatesAreThoseOfTheModel":     statesOfRegistrationTokens,
		"AuthTokens_StatesAreThoseOfTheModel":             statesOfAuthTokens,
		"RegistrationTokens_PagesVisitAllOnce":            listPages,
		"AuthTokens_SeveralStandTogether":                 listSeveral,
		"RegistrationTokens_BadRequestsNameTheField":      listBadRequests,
		"AuthTokens_SearchIsLiteralAndFoldsCase":          searchAuthTokens,
		"AsMasked_PartsOfAddressesMatchNothing":           searchAsMasked,
		"AsMasked_NoOrderFollowsWhatIsHidden":             orderAsMasked,
		"AuthTokens_PagesStandWhileRowsMove":              pagesWhileRowsMove,
		"RegistrationTokens_PagesStandWhileRowsMove":      pagesWhileCountsMove,
		"RefusedAttempts_PagesGoOnAfterAPurge":            pagesAfterPurge,
		"AuthTokens_FilterAndSort":                        listAuthTokens,
		"AuthTokens_FoundByEachClaimedField":              listByClaimed,
		"TokenUses_NewestFirstWithTheirFate":              tokenUses,
		"UseGroups_CountWhatBecameOfThem":                 useGroups,
		"UseGroups_Pages":                                 useGroupPages,
		"SelectedUses_ByTimeLikenessAndLens":              selectedUses,
		"AuditEvents_FilterAndOrder":                      auditEvents,
		"Admission_TurnsAwayAndTakesNoCount":              admissionRefuses,
		"Admission_JudgesWithoutChanging":                 admissionJudges,
		"Admission_KnowsEverySpellingOfAName":             admissionKnowsNames,
		"Admission_LooksBackAtUses":                       admissionLooksBack,
		"Admission_ComparesAndSets":                       admissionIsComparedAndSet,
		"Admission_GoesOverToTheSuccessor":                admissionGoesOver,
		"Admission_SettlesClaims":                         admissionSettlesClaims,
		"Admission_HoldsUnderLoad":                        admissionUnderLoad,
		"AuditEvents_EveryFilter":                         auditFilters,
		"AuditEvents_TellOfTheLedgerOnce":                 redeemedEvents,
		"AuthTokens_OfOnePerson":                          ownAuthTokens,
		"Sessions_LiveAndEnd":                             sessions,
		"Sessions_AtMostTenOfAPerson":                     sessionLimit,
		"Sessions_AreCheckedByOne":                        sessionCheck,
		"Sessions_EndWithTheProviders":                    providerLogout,
		"PersonalData_GrantsAreOneObjectsAndEnd":          personalDataGrants,
		"SingleUse_LoginFlowsAndForms":                    singleUse,
		"Prune_PurgesOldRefusedAttemptsAndSaysSo":         pruneRefusedAttempts,
		"Prune_RemovesWhatIsOver":                         prune,
		"Keys_SigningAndAPI":                              keys,
		"Instance_FirstClaimStands":                       instanceClaims,
		"Errors_TextThatCannotBeStoredMatchesNothing":     unstorableText,
		"Errors_CancelledIsUnavailable":                   cancelled,
		"Attention_FindsWhoNeedsIt":                       attentionFindsWhoNeedsIt,
		"Activity_CountsByPeriod":                         activityCountsByPeriod,
		"BurnDown_SamplesUsesAndReclaims":                 burnDownSamples,
		"Calls_AreFoundByTheirRequestID":                  callsAreFoundByTheirRequestID,
		"Books_StayInOrderUnderAnySequence":               anySequence,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, open(t))
			test(t, f)
			f.clean()
		})
	}
}
