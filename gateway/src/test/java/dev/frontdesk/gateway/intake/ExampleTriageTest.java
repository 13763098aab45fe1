// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.domain.Triage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code config/triage.zh-en.yaml} makes of sentences that customers write. */
class ExampleTriageTest {

  private static final Triage.Rules RULES = rules();

  private static Triage.Rules rules() {
    ConnectorCatalog catalog = ConnectorCatalog.ofClassPath();
    Conditions conditions = new Conditions();
    var config =
        new ConfigLoader(Map.of("SHOP_SECRET", "whsec_c2VjcmV0"), catalog, conditions)
            .load(Path.of("../config/triage.zh-en.yaml"))
            .config();
    return new WorkspaceFactory(
            catalog::family,
            conditions,
            failed -> {
              throw new AssertionError("a condition failed");
            })
        .workspaces(config)
        .get("shop")
        .terms()
        .triage();
  }

  private static Triage of(String text) {
    return RULES.classify(
        new Triage.Subject(
            "hook",
            "webhook",
            "generic",
            "u1",
            null,
            null,
            Map.of(),
            "text",
            text,
            null,
            Instant.EPOCH));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          请问这款有货吗？                                        | consultation | -         | normal | 5
          想问一下运费多少钱                                      | consultation | -         | normal | 5
          你们周末的营业时间是几点到几点                          | consultation | -         | normal | 5
          這個尺碼還有沒有？                                      | consultation | -         | normal | 5
          可以开发票吗                                            | consultation | -         | normal | 5
          我的快递到哪里了？                                      | consultation | -         | normal | 5
          双十一有什么活动                                        | consultation | -         | normal | 5
          Do you have this in blue?                               | consultation | -         | normal | 5
          How much is shipping to Ireland?                        | consultation | -         | normal | 5
          Is it compatible with my older model?                   | consultation | -         | normal | 5
          Could you tell me your opening hours                    | consultation | -         | normal | 5
          Where is my parcel? The tracking page says nothing      | consultation | -         | normal | 5
          Does the coupon work for sale items?                    | consultation | -         | normal | 5
          这个怎么用啊                                            | usage        | -         | normal | 5
          如何设置家长控制？                                      | usage        | -         | normal | 5
          说明书丢了，能发我一份教程吗                            | usage        | -         | normal | 5
          怎么绑定新的手机号                                      | usage        | -         | normal | 5
          怎麼用手機控制                                          | usage        | -         | normal | 5
          How do I change the battery?                            | usage        | -         | normal | 5
          how can i reset my password                             | usage        | -         | normal | 5
          I need the manual for the X200                          | usage        | -         | normal | 5
          Trying to INSTALL the app on my tablet                  | usage        | -         | normal | 5
          机器坏了，一点反应都没有                                | fault        | -         | normal | 4
          APP一打开就闪退                                         | fault        | -         | normal | 4
          昨天开始充不进电                                        | fault        | -         | normal | 4
          電視黑屏了                                              | fault        | -         | normal | 4
          收到的杯子有破损                                        | fault        | -         | normal | 4
          连不上wifi                                              | fault        | -         | normal | 4
          It doesn't work any more                                | fault        | -         | normal | 4
          It doesn’t work any more                                | fault        | -         | normal | 4
          The screen is cracked                                   | fault        | -         | normal | 4
          my speaker won't connect to anything                    | fault        | -         | normal | 4
          The app crashes every time I open it                    | fault        | -         | normal | 4
          我要退款                                                | return       | -         | normal | 4
          想退货，尺寸不合适                                      | return       | -         | normal | 4
          可以换一个颜色吗                                        | return       | -         | normal | 4
          七天无理由可以退吗                                      | return       | -         | normal | 4
          請幫我退貨                                              | return       | -         | normal | 4
          I'd like a refund please                                | return       | -         | normal | 4
          Can I exchange it for a larger one?                     | return       | -         | normal | 4
          I want my money  back                                   | return       | -         | normal | 4
          ＲＥＦＵＮＤ                                            | return       | -         | normal | 4
          紧急！今天必须收到退款                                  | return       | -         | urgent | 3
          麻烦尽快处理，机器坏了等着用                            | fault        | -         | urgent | 3
          着急，请问什么时候有货                                  | consultation | -         | urgent | 3
          URGENT: it stopped working                              | fault        | -         | urgent | 3
          I need the invoice asap                                 | consultation | -         | urgent | 3
          我要投诉，质量太差了                                    | complaint    | quality   | urgent | 2
          收到的是假货，要求赔偿                                  | complaint    | quality   | urgent | 2
          用了两天就坏了，垃圾                                    | complaint    | quality   | urgent | 2
          我要投訴你們的品質                                      | complaint    | quality   | urgent | 2
          This is a fake. I am furious.                           | complaint    | quality   | urgent | 2
          Terrible quality, fell apart in a week                  | complaint    | quality   | urgent | 2
          客服态度太差，我要投诉                                  | complaint    | attitude  | urgent | 2
          你们客服爱理不理的，气死我了                            | complaint    | attitude  | urgent | 2
          Your agent was rude to me and I want to complain        | complaint    | attitude  | urgent | 2
          Nobody answers. This is unacceptable!                   | complaint    | attitude  | urgent | 2
          刚买完就降价，骗子                                      | complaint    | price     | urgent | 2
          重复扣款还不处理，我要举报                              | complaint    | price     | urgent | 2
          I was overcharged, this is ridiculous                   | complaint    | price     | urgent | 2
          You charged me twice, it's a scam                       | complaint    | price     | urgent | 2
          快递一个星期没收到，太差劲了                            | complaint    | logistics | urgent | 2
          发货这么慢，给差评                                      | complaint    | logistics | urgent | 2
          Worst delivery ever, my parcel never arrived            | complaint    | logistics | urgent | 2
          优惠券用不了，坑人                                      | complaint    | promotion | urgent | 2
          满减活动是骗人的                                        | complaint    | promotion | urgent | 2
          The promo code was a fraud                              | complaint    | promotion | urgent | 2
          气死了，马上给我处理                                    | complaint    | other     | urgent | 1
          I am disgusted. Fix this immediately                    | complaint    | other     | urgent | 1
          12315见                                                 | complaint    | other     | urgent | 2
          I will talk to my lawyer                                | complaint    | other     | urgent | 2
          建议增加夜间模式                                        | suggestion   | -         | low    | 7
          It would be great if it had a dark mode                 | suggestion   | -         | low    | 7
          谢谢                                                    | other        | -         | normal | 5
          Hello                                                   | other        | -         | normal | 5
          The issue is that whatever I pursue is moldova          | other        | -         | normal | 5
          """)
  void sentence_getsCategoryAndPromise(
      String text, String category, String complaint, String promise, int priority) {
    Triage triage = of(text);

    assertThat(triage.category() + " " + (triage.complaint() == null ? "-" : triage.complaint()))
        .isEqualTo(category + " " + complaint);
    assertThat(triage.promise() + " " + triage.priority()).isEqualTo(promise + " " + priority);
  }
}
