// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import java.util.List;
import java.util.random.RandomGenerator;

/** What people say in the demonstration; some of it meets a rule of {@code config/demo.yaml}. */
final class DemoTexts {

  private static final List<String> QUESTIONS =
      List.of(
          "What are your opening hours?",
          "Which price do I pay for two?",
          "Where is my order?",
          "How do I change my address?",
          "How can I pay with my phone?",
          "Is the blue one in stock again?",
          "Could I have the invoice once more, please?",
          "Please send me the catalogue.",
          "I want my money back.",
          "My lamp arrived broken!",
          "This is urgent, please call me.",
          "你好，请问几点开门？",
          "怎么修改收货地址？",
          "我要退款，东西坏了",
          "可以开发票吗？",
          "新的目录什么时候出？");

  private static final List<String> MORE =
      List.of(
          "It is the one from last week.",
          "Are you still there?",
          "The number is 4711.",
          "Thank you!",
          "Can you look it up?",
          "谢谢",
          "还在吗？",
          "订单号是 4711");

  private static final List<String> ANSWERS =
      List.of(
          "Thank you for waiting, I have just looked it up for you.",
          "I am sorry about that. A new one is on its way.",
          "Of course, I have changed it.",
          "您好，已经为您处理好了。");

  private DemoTexts() {}

  /** How somebody begins. */
  static String question(RandomGenerator random) {
    return any(QUESTIONS, random);
  }

  /** What they add before anybody answered, or after. */
  static String more(RandomGenerator random) {
    return any(MORE, random);
  }

  /** What an agent says. */
  static String answer(RandomGenerator random) {
    return any(ANSWERS, random);
  }

  private static String any(List<String> texts, RandomGenerator random) {
    return texts.get(random.nextInt(texts.size()));
  }
}
