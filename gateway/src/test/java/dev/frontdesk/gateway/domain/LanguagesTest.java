// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      nullValues = "-",
      textBlock =
          """
          你好                                                      | zh
          我的iPhone坏了                                            | zh
          訂單什麼時候到                                            | zh
          優の良品什么时候发货啊亲                                  | zh
          漢字とかな                                                | ja
          注文した商品がまだ届きません                              | ja
          キャンセル                                                | ja
          한국어                                                    | ko
          환불 받고 싶어요                                          | ko
          ขอเงินคืน                                                 | th
          Πού είναι η παραγγελία μου                                | el
          איפה ההזמנה שלי                                           | he
          मेरा ऑर्डर कहाँ है                                          | hi
          Привет, где мой заказ?                                    | ru
          объясните пожалуйста                                      | ru
          Де моє замовлення?                                        | uk
          Къде е поръчката ми?                                      | bg
          Где је моја поруџбина                                     | sr
          أين طلبي                                                  | ar
          سفارش من کجاست؟ پول                                       | fa
          where is my order                                         | en
          Refund please                                             | en
          My name is 李雷 and I want a refund                       | en
          Wo ist meine Bestellung?                                  | de
          Guten Tag, ich habe noch keine Antwort                    | de
          Où est ma commande ?                                      | fr
          Bonjour, je n'ai pas reçu mon colis                       | fr
          ¿Dónde está mi pedido?                                    | es
          hola, quiero una ayuda                                    | es
          Onde está o meu pedido? Não chegou                        | pt
          Dov'è il mio ordine? Grazie                               | it
          Waar is mijn bestelling?                                  | nl
          Gdzie jest moje zamówienie?                               | pl
          Siparişim nerede?                                         | tr
          Đơn hàng của tôi ở đâu                                    | vi
          Di mana pesanan saya?                                     | id
          Var är min beställning?                                   | sv
          ok                                                        | -
          12345                                                     | -
          👍                                                        | -
          XJ-900                                                    | -
          """)
  void text_showsItsLanguage(String text, String expected) {
    assertThat(Languages.of(text)).isEqualTo(expected);
  }

  @Test
  void emptyText_showsNone() {
    assertThat(Languages.of("")).isNull();
  }
}
