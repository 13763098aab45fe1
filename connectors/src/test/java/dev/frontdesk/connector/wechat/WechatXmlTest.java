// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.WebhookRejected;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WechatXmlTest {

  private static final long SEED = 20261123;

  private static final List<String> REFUSED =
      List.of(
          "",
          "<xml><a>1</a>",
          "<xml><a>1</b></xml>",
          "<!DOCTYPE xml [<!ENTITY x \"y\">]><xml><a>&x;</a></xml>",
          "<xml><a b=\"c\">1</a></xml>",
          "<a>".repeat(17) + "</a>".repeat(17),
          "<xml>" + "<a/>".repeat(1_001) + "</xml>",
          "<xml><a>&#0;</a></xml>");

  private final Random random = new Random(SEED);

  /** A thread keeps its parser: what one document left in it must not be in the next one. */
  @Test
  void manyDocumentsOnOneThread_areReadAsEachAlone() {
    int read = 0;
    for (int round = 0; round < 2_500; round++) {
      String document =
          random.nextInt(4) == 0 ? REFUSED.get(random.nextInt(REFUSED.size())) : good();

      String here = outcome(document);

      if (round % 10 == 0 || here.equals("refused")) {
        String alone = onAThreadOfItsOwn(document);
        assertThat(here).as("seed %d, round %d: %s", SEED, round, document).isEqualTo(alone);
      }
      read += here.equals("refused") ? 0 : 1;
    }
    assertThat(read).isBetween(1_700, 2_000);
  }

  private String good() {
    StringBuilder xml = new StringBuilder("<xml>");
    for (int i = 0; i < random.nextInt(12); i++) {
      String name = "F" + random.nextInt(2_000);
      String text = "你好 & <b>".repeat(random.nextInt(random.nextInt(50) == 0 ? 900 : 4) + 1);
      xml.append('<').append(name).append("><![CDATA[").append(text).append("]]></").append(name);
      xml.append('>');
    }
    return xml.append("</xml>").toString();
  }

  private static String outcome(String document) {
    try {
      return WechatXml.fields(document).toString();
    } catch (WebhookRejected e) {
      return "refused";
    }
  }

  private static String onAThreadOfItsOwn(String document) {
    return CompletableFuture.supplyAsync(() -> outcome(document), work -> new Thread(work).start())
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }
}
