// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All rows, in the order of the catalogue: by room, then by number. */
final class Catalogue {

  private final MavenTests maven;

  /** The output of tests goes to that folder. */
  Catalogue(Path folder) {
    this.maven = new MavenTests(folder);
  }

  /** Every row there is. */
  List<FaultRow> rows() {
    return Stream.of(gateway(), redis(), webhooks(), agents(), outgoing(), operations())
        .flatMap(List::stream)
        .toList();
  }

  /** The gateway's process. */
  private List<FaultRow> gateway() {
    return List.of(
        new G01KilledGateway(),
        new G02TimerOfADeadGateway(),
        new G03DeadAfterTheSend(),
        new G04StoppedUnderLoad(),
        new G05PausedGateway(),
        new G06HeldLoop(),
        new G07SmallHeap(),
        new G08NoDescriptors(),
        new G09TwoVersions(),
        new G10LittleTime(),
        tested(
            "G-11",
            "configuration that cannot be: typo, unknown key, missing secret, port busy",
            "StartFaultsTest.g11_r16_startThatCannotBe_isRefusedInOneLine_namingTheKey"),
        new G12RotatedSecret(),
        new G13WrongClock());
  }

  /** Redis and the way to it. */
  private List<FaultRow> redis() {
    return List.of(
        new R01KilledRedis(),
        new R02PowerLoss(),
        new R03PausedRedis(),
        new R04SilentRedis(),
        new R05FullRedis(),
        new R06PromotedReplica(),
        new R07PartedGateway(),
        tested(
            "R-08",
            "slot migration under load",
            "ClusterTroubleTest.r08_slotThatMoves_refusesCommitsWhole_andIsServedByItsNewMaster",
            "ClusterTroubleTest.control_commitThatNamesOnlyItsKeys_isHalfDoneWhileItsSlotMoves"),
        new R09LoadingRedis(),
        new R10BusyRedis(),
        new R11ScriptsForgotten(),
        new R12FullDisk(),
        new R13CutFile(),
        new R14EmptiedRedis(),
        new R15LostAnswers(),
        tested(
            "R-16",
            "wrong password, ACL denies",
            "EmbeddedRedisTest.r16_wrongPassword_failsOnce_withItsReason",
            "StartFaultsTest.g11_r16_startThatCannotBe_isRefusedInOneLine_namingTheKey"),
        new R17MaxClients(),
        new R18RedisClockSteps(),
        new R19SlowPath(),
        new R20ReaderCut());
  }

  /** What platforms send, and who pretends to be one. */
  private List<FaultRow> webhooks() {
    return List.of(
        tested(
            "W-01",
            "the same webhook 10,000 times on four nodes",
            "InboundFaultsTest.w01_sameWebhookTenThousandTimes_isOneMessage"),
        tested(
            "W-02",
            "redelivery after 6 d 23 h, and after the bound",
            "VirtualFaultsTest.w02_redeliveryWithinSevenDays_isDropped_afterNineDaysItIsNew"),
        tested(
            "W-03",
            "two messages of a new contact at once",
            "InboundFaultsTest.w03_twoMessagesOfANewContactAtOnce_areOneConversation"),
        tested(
            "W-04",
            "album of 30 over four nodes",
            "InboundFaultsTest.w04_albumOverFourNodes_isOneConversation_inTheOrderOfStoring",
            "InboundFaultsTest.w04_albumAtOnceOverFourNodes_isOneConversation_eachWithThePlatformsTime"),
        new W05ClosingRace(),
        tested(
            "W-06",
            "edit before its message, status before its send",
            "InboundFaultsTest.w06_editBeforeItsMessage_waitsForIt",
            "InboundFaultsTest.w06_statusBeforeItsSend_staysTheHighest"),
        tested(
            "W-07",
            "signatures that are not ours",
            "InboundFaultsTest.w07_signatureThatIsNotOurs_is401_andNothingIsParsedOrStored"),
        tested(
            "W-08",
            "captured call replayed",
            "InboundFaultsTest.w08_capturedRequestReplayed_isDedupedInTheWindow_andRefusedAfterIt"),
        tested(
            "W-09",
            "bodies: 10 MB, endless, with a length that lies",
            "HostileRequestsTest.w09_bodyAnnouncedTooLarge_is413_beforeAByteOfIt",
            "HostileRequestsTest.w09_endlessChunks_are413_atTheCap_andTheConnectionEnds",
            "HostileRequestsTest.w09_chunksThatGoOn_meetAClosedConnection",
            "HostileRequestsTest.w09_contentLengthThatLies_endsTheConnection_andStoresNothing"),
        tested(
            "W-10",
            "hostile JSON",
            "HostileRequestsTest.w10_hostileJson_is400Quickly_atTheWebhookAndAtTheApi"),
        tested("W-11", "hostile XML", "HostileRequestsTest.w11_hostileXml_is400_andOpensNothing"),
        tested("W-12", "compressed bodies", "EdgeLimitsTest.body_compressed"),
        tested(
            "W-13",
            "request smuggling",
            "EdgeLimitsTest.smuggling_headers",
            "EdgeLimitsTest.smuggling_chunks"),
        new W14SlowSenders(),
        new W15Http2Floods(),
        new W16RetryStorm(),
        tested(
            "W-17",
            "unknown types, empty batch, 1,000 messages in one call",
            "InboundFaultsTest.w17_unknownTypesAndEmptyBatches_areAcknowledgedAndCounted",
            "InboundFaultsTest.w17_aThousandMessagesInOneCall_areStored_andABadOneSinksOnlyItself"),
        tested(
            "W-18",
            "something that always throws",
            "TimerRoomTest.timer_thatFailsAlways_isADeadLetterAfter20Times",
            "TimerRoomTest.bound_keepsTheTimerArmed_stopsNothingElse_andEndsWithRoom",
            "TimerRoomTest.retry_whenTheHandlerWorksAgain_firesItWithItsWholeLateness"),
        new W19LoudTenant(),
        tested(
            "W-20",
            "mail: bombs, header injection, loops",
            "EmailConnectorTest.mailBombs_areRefusedOrCapped",
            "SmtpSendTest.headers_cannotBePutIn",
            "MailLoopTest.robots_withTheGuard_exchangeOneMail",
            "MailLoopTest.robots_withoutTheGuard_doNotStop"),
        tested(
            "W-21",
            "text of any script",
            "InboundFaultsTest.w21_textOfAnyScript_comesBackByteForByte_bothWays"));
  }

  /** Agents, bots, routing, timers. */
  private List<FaultRow> agents() {
    return List.of(
        new A01VanishedAgent(),
        tested(
            "A-02",
            "100 agents accept one offer, 100 take one conversation",
            "AgentFaultsTest.a02_hundredAgentsAcceptOneOffer_oneGetsIt",
            "AgentFaultsTest.a02_hundredAgentsTakeOneConversation_onTwoNodes_oneGetsIt"),
        tested(
            "A-03",
            "accept after expiry",
            "AgentFaultsTest.a03_acceptAfterTheOfferExpired_is410_andOwnsNothing"),
        tested(
            "A-04",
            "poll whose answer is lost",
            "AgentFaultsTest.a04_pollWhoseAnswerIsLost_isAnsweredTheSameAgain"),
        new A05Herd(),
        tested(
            "A-06",
            "bot that reads nothing, or a byte now and then",
            "LineTest.reader_thatTakesAlmostNothing_isClosedWith1013_andLittleIsKeptForIt",
            "LineTest.reader_thatTakesNothing_isClosedAndItsFramesStay"),
        tested(
            "A-07",
            "WebSocket frames that are wrong",
            "LineTest.frame_unmasked_isAProtocolError",
            "LineTest.frame_of300KiB_isTooBig",
            "LineTest.frame_halfThenSilence_isLostWithTheHeartbeat",
            "LineTest.pings_inAFlood_endTheSocket",
            "LineTest.compression_isNotOffered"),
        tested(
            "A-08",
            "page of another origin; token of a disabled agent",
            "VisitorSocketTest.page_ofAnotherOrigin_isRefusedBeforeTheUpgrade",
            "BotSocketTest.token_takenAway_endsTheSocketWithinASecond",
            "LiveEventsTest.view_endsWithinASecond_whenItsAgentIsDisabled",
            "ApiTest.poll_endsWhenTheAgentIsDisabled"),
        tested(
            "A-09",
            "flood of the dearest promise",
            "SharesTest.minShareAndHardBound_onRandomDays_areKept",
            "RelaxedPlayTest.scenario15_lowIsNotStarved_byEndlessUrgentTraffic_exceptWhereStrictIsAskedFor"),
        tested(
            "A-10",
            "overload",
            "TraceTest.keptShare_onSharedTrace_isThatOfTheReference",
            "TraceTest.keepPromises_onSharedTrace_keepsMoreThanEdfWithALateLane",
            "TraceTest.lateShareOfNothing_keepsTheMost_andStarvesTheLate"),
        tested(
            "A-11",
            "skill nobody has",
            "RelaxationTest.scenario14_expertsFirst_relaxedAtTheMillisecond_timeInOffersIncluded",
            "SharesTest.conversation_whoseSkillNobodyHas_isCountedAsNotAnswered"),
        tested(
            "A-12", "agent on two devices", "AgentFaultsTest.a12_agentOnTwoDevices_hasOneCapacity"),
        new A13ManyDue(),
        tested(
            "A-14",
            "reply races the breach",
            "VirtualFaultsTest.a14_replyRacingTheBreach_isMetOrBreached_neverBoth",
            "PromiseScenariosTest.scenario1_repliesRacingTheTimersOfTwoGateways_haveOneVerdictEach_byTheTimeOfAcceptance"),
        tested(
            "A-15",
            "timer armed again or ended during its claim",
            "TimerRoomTest.timerArmedAgain_whileItIsADeadLetter_takesItsPlace",
            "ClockScenariosLiveTest.scenario1_answerBeforeTheDeadline_isMet_andTheTimerAfterItDoesNothing",
            "SimulationTest.gateway_underFaults_keepsEveryInvariant"),
        new A16AllDown(),
        tested(
            "A-17",
            "hand-over from bot to person in the middle of an answer",
            "BotScenariosTest.scenario9_botHandoffRace_theLateAnswerIsKeptAndNotSent"),
        tested(
            "A-18",
            "receiver of breach events down",
            "OutgoingEventsTest.events_underFaults_arriveOnceEach_inOrder",
            "OutgoingEventsTest.event_givenUp_isADeadLetter_thatCanBeSentAgainOrForgotten"));
  }

  /** What we send to platforms. */
  private List<FaultRow> outgoing() {
    return List.of(
        new O01Throttled(),
        new O02Broken(),
        new O03LostAnswer(),
        new O04HalfOpen(),
        tested(
            "O-05",
            "200 with an error in its body",
            "WechatPlainModeTest.token_refused_isReplacedOnce",
            "WechatPlainModeTest.token_neededByManyAtOnce_isFetchedOnce",
            "WechatPlainModeTest.answers_areClassified"),
        new O06DeadPlatform(),
        new UncoveredRow(
            "O-07",
            "addresses that lead inside",
            "addresses come from the operator's file only and are trusted there (config/README.md); none is taken from a customer"),
        new O08WrongCertificate(),
        new O09FiveAnswers(),
        new UncoveredRow(
            "O-10", "media without end", "no media is fetched or stored in this version"),
        new O11StrangeReceipt(),
        tested(
            "O-12",
            "send window closed by the platform",
            "SendWindowScenariosTest.scenario22_windowThatThePlatformClosed_isUnreachable_withAnAlternative_andTheWaitStands"));
  }

  /** Protection of what is stored, and operations. */
  private List<FaultRow> operations() {
    return List.of(
        new UncoveredRow(
            "P-01",
            "planted markers in logs, metrics, dumps",
            "encryption of what is stored comes with a later issue"),
        new UncoveredRow(
            "P-02",
            "key rotated under traffic",
            "encryption of what is stored comes with a later issue"),
        new UncoveredRow(
            "P-03",
            "erased subject in file and backup",
            "encryption of what is stored comes with a later issue"),
        new P04OtherTenant(),
        tested("P-05", "log injection", "KeyValueLayoutTest.value_cannotForgeALineOrAField"),
        new UncoveredRow(
            "P-06", "ciphertext swapped", "encryption of what is stored comes with a later issue"),
        new P07FullLogDisk(),
        new P08StuckScrapers(),
        tested(
            "P-09",
            "restore on an empty Redis",
            "BackupRestoreTest.p09_restoredOnAnEmptyFolder_sendsNoOldReply_andFiresWhatIsOverdueOnce"),
        new P10RollingUpgrade());
  }

  private TestedRow tested(String id, String title, String... tests) {
    return new TestedRow(maven, id, title, tests);
  }
}
