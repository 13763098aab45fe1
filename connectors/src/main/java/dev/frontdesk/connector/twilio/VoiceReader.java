// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.ContentJson;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent.Call;
import dev.frontdesk.connector.MessageContent.Event;
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Twilio posts for calls (https://www.twilio.com/docs/voice/twiml#request-parameters).
 * Stateless.
 *
 * <p>One call is one message, named by its {@code CallSid}, whichever of its callbacks comes first:
 * each of them holds the message, and the gateway stores the first. It begins as {@code missed}
 * (nobody answers calls here) and an edit makes it {@code voicemail} when there is a recording.
 *
 * <pre>
 *   call comes in ──▶ missed ──recording──▶ voicemail
 *                        └──── call ends ──▶ (a signal, changes nothing)
 * </pre>
 */
final class VoiceReader {

  /** States in which a call has ended (https://www.twilio.com/docs/voice/api/call-resource). */
  private static final Set<String> ENDED =
      Set.of("completed", "busy", "no-answer", "failed", "canceled");

  private VoiceReader() {}

  /**
   * @param answer what to answer a call that comes in
   * @param afterRecording what to answer when the caller has spoken
   */
  static Decoded read(
      TwilioForm form, Instant now, WebhookAnswer answer, WebhookAnswer afterRecording)
      throws WebhookRejected {
    if (form.values().isEmpty()) {
      return Decoded.nothing(WebhookAnswer.OK);
    }
    if (form.get("Direction").orElse("inbound").startsWith("outbound")) {
      return Decoded.nothing(WebhookAnswer.OK); // this gateway calls nobody
    }
    boolean recorded = form.get("RecordingSid").isPresent();
    if (recorded && form.get("From").isEmpty()) {
      return Decoded.nothing(WebhookAnswer.OK); // says that a file is ready, not who spoke
    }
    Caller caller = Caller.of(form);
    if (recorded) {
      return recorded(form, caller, now)
          .answering(form.get("RecordingStatus").isPresent() ? WebhookAnswer.OK : afterRecording);
    }
    String status = form.get("CallStatus").orElse("");
    if (ENDED.contains(status)) {
      return ended(form, caller, status, now);
    }
    return Decoded.of(missed(caller, now)).answering(answer);
  }

  private static Decoded recorded(TwilioForm form, Caller caller, Instant now)
      throws WebhookRejected {
    String status = form.get("RecordingStatus").orElse("completed");
    if (!status.equals("completed")) {
      return Decoded.nothing(WebhookAnswer.OK); // in-progress, absent (too short), failed
    }
    Call voicemail =
        new Call(caller.callSid, "voicemail", form.number("RecordingDuration"), recording(form));
    String key = "recording:" + form.require("RecordingSid", TwilioCalls.MAX_SID);
    return Decoded.of(
        List.of(
            received(caller, now, voicemail),
            new InboundEvent.Edited(
                key, caller.contact, caller.thread, now, caller.callSid, voicemail)));
  }

  /** The message is there already unless the gateway could not take the call when it came in. */
  private static Decoded ended(TwilioForm form, Caller caller, String status, Instant now)
      throws WebhookRejected {
    Map<String, String> details =
        Map.of(
            "callId",
            caller.callSid,
            "status",
            status,
            "seconds",
            Integer.toString(form.number("CallDuration")));
    List<InboundEvent> events = new ArrayList<>();
    events.add(missed(caller, now));
    events.add(
        new InboundEvent.Signalled(
            caller.callSid + ":" + status,
            caller.contact,
            caller.thread,
            now,
            new Event("call-ended", details),
            null));
    return Decoded.of(events);
  }

  private static InboundEvent missed(Caller caller, Instant now) {
    return received(caller, now, new Call(caller.callSid, "missed", null, null));
  }

  private static InboundEvent received(Caller caller, Instant now, Call call) {
    return new InboundEvent.Received(
        caller.callSid,
        caller.contact,
        caller.thread,
        now,
        0,
        call,
        null,
        false,
        null,
        caller.context);
  }

  private static @Nullable String recording(TwilioForm form) throws WebhookRejected {
    Optional<String> url = form.get("RecordingUrl");
    return url.filter(u -> u.startsWith("https://") && u.length() <= ContentJson.MAX_URL)
        .orElse(null);
  }

  /**
   * Who called.
   *
   * @param thread the call for a hidden number: all of them share one address
   */
  private record Caller(
      String callSid, ContactRef contact, @Nullable String thread, Map<String, String> context) {

    static Caller of(TwilioForm form) throws WebhookRejected {
      String callSid = form.require("CallSid", TwilioCalls.MAX_SID);
      String from = form.get("From").orElse(form.get("Caller").orElse("anonymous"));
      if (from.length() > TwilioCalls.MAX_ADDRESS || from.isBlank()) {
        throw WebhookRejected.malformed("From is no address, expected at most 256 characters");
      }
      boolean hidden = PhoneAddress.isHidden(from);
      Map<String, String> context =
          form.get("To")
              .filter(to -> to.length() <= TwilioCalls.MAX_ADDRESS)
              .map(to -> Map.of(SmsReader.NUMBER, PhoneAddress.normalize(to)))
              .orElse(Map.of());
      return new Caller(
          callSid,
          new ContactRef(
              hidden ? "anonymous" : PhoneAddress.normalize(from),
              form.get("CallerName").filter(name -> name.length() <= 256).orElse(null),
              null),
          hidden ? callSid : null,
          context);
    }
  }
}
