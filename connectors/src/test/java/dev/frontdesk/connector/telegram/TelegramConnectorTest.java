// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ConnectorContract;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.MessageContent.Choice;
import dev.frontdesk.connector.MessageContent.Media;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.Payload;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.connector.sandbox.TelegramApi;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TelegramConnectorTest extends ConnectorContract {

  private static final String BOT = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

  @Override
  protected ConnectorFactory<?> factory() {
    return new TelegramConnector.Factory();
  }

  /** Both tokens change together here, so that one secret makes both directions work. */
  @Override
  protected Record settings(Secret secret, String apiBaseUrl) {
    return new TelegramConnector.Settings(Secret.of(BOT + secret.newest()), secret, apiBaseUrl);
  }

  @Override
  protected String secret(int number) {
    return number == 0 ? "first-Secret_token" : "second-Secret_token";
  }

  @Override
  protected InboundSample signed(String secret, Payload payload, Instant at) {
    return new TelegramCustomer(secret).signed(payload.body());
  }

  @Override
  protected boolean signatureCoversBody() {
    return false;
  }

  @Override
  protected Set<String> authenticatingHeaders() {
    return Set.of("X-Telegram-Bot-Api-Secret-Token");
  }

  @Override
  protected Payload text(String text, String externalId) {
    ObjectNode update = message();
    ((ObjectNode) update.get("message")).put("text", text);
    return Payload.json("text", update.toString());
  }

  @Override
  protected Payload unknownKind() {
    ObjectNode update = message();
    ((ObjectNode) update.get("message")).putObject("hologram").put("file_id", "h1");
    return Payload.json("unknown kind", update.toString());
  }

  @Override
  protected PlatformApi platform(String secret) {
    return new TelegramApi(BOT + secret);
  }

  @Override
  protected ContactRef recipient() {
    return ContactRef.of("1111111");
  }

  @Test
  void send_asReply_namesTheMessage() throws Exception {
    OutboundMessage reply =
        new OutboundMessage(
            "c1.7",
            "c1",
            recipient(),
            null,
            new MessageContent.Text("hello"),
            "1111111:1365",
            false,
            Map.of());

    BotCall call = BotCall.of(reply).call();

    assertThat(call.body().toString())
        .isEqualTo(
            "{\"chat_id\":1111111,\"reply_parameters\":{\"message_id\":1365,"
                + "\"allow_sending_without_reply\":true},\"text\":\"hello\"}");
    assertThat(await(connector().send(reply, NOW))).isInstanceOf(SendResult.Accepted.class);
  }

  @Test
  void send_toATopicOfAGroup_namesBoth() {
    OutboundMessage message =
        new OutboundMessage(
            "c1.7",
            "c1",
            recipient(),
            "-100123:17",
            new MessageContent.Text("hello"),
            null,
            false,
            Map.of());

    assertThat(BotCall.of(message).call().body().toString())
        .isEqualTo("{\"chat_id\":-100123,\"message_thread_id\":17,\"text\":\"hello\"}");
  }

  @Test
  void send_atTheLimitOfUtf16Units_isTaken() throws Exception {
    String longest = "👋".repeat(2_048);

    assertThat(send(longest)).isInstanceOf(SendResult.Accepted.class);
    assertThat(cause(send(longest + "x"))).isEqualTo(Cause.CONTENT);
    assertThat(platform().callCount("telegram")).isEqualTo(1);
  }

  @Test
  void send_ofEachContent_isTaken() throws Exception {
    List<MessageContent> contents =
        List.of(
            new Choice("Which?", List.of(new Choice.Option("a", "A"), new Choice.Option("b", "B"))),
            new Media(Media.Type.IMAGE, null, "https://x.example/a.jpg", null, null, null, "look"),
            new Media(Media.Type.FILE, "file-1", null, null, null, null, null),
            new MessageContent.Location(31.2, 121.5, null));
    for (MessageContent content : contents) {
      assertThat(await(connector().send(outbound(content), NOW)))
          .as(content.kind())
          .isInstanceOf(SendResult.Accepted.class);
    }

    assertThat(cause(await(connector().send(outbound(new MessageContent.Chosen("a", null)), NOW))))
        .isEqualTo(Cause.CONTENT);
  }

  @Test
  void send_toOneWhoBlockedTheBot_isRejectedForTheRecipient() throws Exception {
    TelegramApi api = new TelegramApi(BOT + secret(0));
    api.block(1111111);
    platform().mount(api);

    assertThat(cause(send("hello"))).isEqualTo(Cause.RECIPIENT);
  }

  @Test
  void send_toAGroupThatMigrated_goesToItsNewIdOnce() throws Exception {
    TelegramApi api = new TelegramApi(BOT + secret(0));
    api.migrate(1111111, -100777);
    platform().mount(api);

    SendResult result = send("hello");

    assertThat(((SendResult.Accepted) result).externalId()).startsWith("-100777:");
    assertThat(platform().callCount("telegram")).isEqualTo(2);
  }

  @Test
  void send_fasterThanTelegramAllows_isRetried() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(send("m" + i)).isInstanceOf(SendResult.Accepted.class);
    }

    assertThat(send("m5")).isInstanceOf(SendResult.Retry.class);
  }

  @Test
  void send_answeredWithNonsense_isUnknown() throws Exception {
    platform().inject("telegram", PlatformApi.Reply.json(200, "<html>"));

    assertThat(send("hello")).isInstanceOf(SendResult.Unknown.class);
  }

  @Test
  void send_toNoChat_isRejectedForTheRecipient() throws Exception {
    OutboundMessage message =
        new OutboundMessage(
            "c1.7",
            "c1",
            ContactRef.of("@someone"),
            null,
            new MessageContent.Text("hello"),
            null,
            false,
            Map.of());

    assertThat(cause(await(connector().send(message, NOW)))).isEqualTo(Cause.RECIPIENT);
  }

  private static Cause cause(SendResult result) {
    return ((SendResult.Rejected) result).cause();
  }

  private static ObjectNode message() {
    ObjectNode update = JsonNodeFactory.instance.objectNode().put("update_id", 10_000);
    ObjectNode message = update.putObject("message").put("message_id", 1_365);
    message
        .put("date", 1_441_645_532)
        .putObject("chat")
        .put("id", 1_111_111)
        .put("type", "private");
    message.putObject("from").put("id", 1_111_111).put("first_name", "Ada");
    return update;
  }
}
