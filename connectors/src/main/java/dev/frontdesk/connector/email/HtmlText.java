// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** The words of an HTML mail, with the line ends a reader sees. Nothing is fetched or run. */
final class HtmlText {

  /** What mail clients wrap the mail in that is answered. */
  private static final String QUOTES =
      "blockquote[type=cite], div.gmail_quote, div.yahoo_quoted, div.moz-cite-prefix,"
          + " div.OutlookMessageHeader, #divRplyFwdMsg, #divRplyFwdMsg ~ *, #appendonsend ~ *,"
          + " #isReplyContent, div.ntes-mailmaster-quote";

  private HtmlText() {}

  /** All of it. */
  static String of(String html) {
    return text(Jsoup.parse(html));
  }

  /** Without what the client marked as the mail that is answered. */
  static String replyOf(String html) {
    Document document = Jsoup.parse(html);
    document.select(QUOTES).remove();
    return text(document);
  }

  private static String text(Document document) {
    document.select("script, style, head, title, template, noscript").remove();
    Lines lines = new Lines();
    NodeTraversor.traverse(lines, document);
    return lines.text();
  }

  private static final class Lines implements NodeVisitor {

    private final StringBuilder text = new StringBuilder();

    @Override
    public void head(Node node, int depth) {
      if (node instanceof TextNode words) {
        append(words);
      } else if (node instanceof Element element) {
        if (element.normalName().equals("br")) {
          text.append('\n');
        } else if (element.normalName().equals("li")) {
          startLine();
          text.append("- ");
        } else if (element.isBlock()) {
          startLine();
        }
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (node instanceof Element element) {
        if (element.normalName().equals("p")) {
          startLine();
          text.append('\n');
        } else if (element.isBlock()) {
          startLine();
        } else if (element.normalName().equals("td") || element.normalName().equals("th")) {
          text.append(' ');
        }
      }
    }

    private void append(TextNode words) {
      Element parent = words.parent();
      boolean preformatted = parent != null && parent.normalName().equals("pre");
      String shown = preformatted ? words.getWholeText() : words.text();
      boolean atStart = text.length() == 0 || text.charAt(text.length() - 1) == '\n';
      text.append(atStart && !preformatted ? shown.stripLeading() : shown);
    }

    private void startLine() {
      if (text.length() > 0 && text.charAt(text.length() - 1) != '\n') {
        text.append('\n');
      }
    }

    String text() {
      return text.toString()
          .replace('\u00a0', ' ')
          .lines()
          .map(String::stripTrailing)
          .collect(Collectors.joining("\n"))
          .replaceAll("\n{3,}", "\n\n")
          .strip();
    }
  }
}
