// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import dev.frontdesk.connector.WebhookRejected;
import java.io.IOException;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads WeChat's XML, one flat element of fields, and nothing else of XML: a DOCTYPE ends the parse
 * at its first character, so there are no entities to expand and nothing to fetch.
 *
 * <p>Bounds: {@value #MAX_CHARS} characters, depth {@value #MAX_DEPTH}, {@value #MAX_ELEMENTS}
 * elements. Attributes are not part of the format; an element with one is malformed.
 */
final class WechatXml {

  /** The largest document: WeChat's own are below 10 KB; a batch report may be longer. */
  static final int MAX_CHARS = 256 * 1024;

  static final int MAX_DEPTH = 16;
  static final int MAX_ELEMENTS = 1_000;

  /**
   * Making a parser costs more than a message of the platform does, so a thread keeps its own. A
   * parser remembers each name that it has met and whoever knows the address may send names, so it
   * is kept for so many documents, of so many characters at most: 8 MB.
   */
  private static final int KEPT_DOCUMENTS = 1_000;

  private static final int KEPT_CHARS = 4 * 1024;
  private static final ThreadLocal<Kept> KEPT = new ThreadLocal<>();

  private WechatXml() {}

  /**
   * The fields of the document by name, in order. A field inside another is named {@code
   * Parent.Child}; of several of one name the first is kept.
   */
  static Map<String, String> fields(String document) throws WebhookRejected {
    if (document.length() > MAX_CHARS) {
      throw WebhookRejected.malformed(
          "XML of " + document.length() + " characters, expected at most " + MAX_CHARS);
    }
    Fields fields = new Fields();
    try {
      Kept kept = KEPT.get();
      SAXParser parser = kept == null ? factory().newSAXParser() : kept.parser;
      KEPT.remove(); // one that failed half-way is not used again
      parser.parse(new InputSource(new StringReader(legible(document))), fields);
      int documents = kept == null ? 1 : kept.documents + 1;
      if (documents < KEPT_DOCUMENTS && document.length() <= KEPT_CHARS) {
        KEPT.set(new Kept(parser, documents));
      }
    } catch (SAXException | IOException e) {
      throw WebhookRejected.malformed("XML is not well-formed, or has a DOCTYPE or attributes");
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's XML parser lacks a security feature", e);
    }
    return fields.values;
  }

  /** Loads the JDK's parser, which takes some 100 ms: for a thread that may block. */
  static void load() {
    try {
      fields("<xml></xml>");
    } catch (WebhookRejected e) {
      throw new IllegalStateException(e);
    }
  }

  private record Kept(SAXParser parser, int documents) {}

  private static SAXParserFactory factory() throws ParserConfigurationException, SAXException {
    SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
    factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    factory.setXIncludeAware(false);
    factory.setNamespaceAware(false);
    return factory;
  }

  /**
   * Control characters that XML 1.0 forbids reach us inside what users typed; the platform does not
   * escape them. They become U+FFFD so that the message is not lost. NUL stays, and is refused.
   */
  private static String legible(String document) {
    for (int i = 0; i < document.length(); i++) {
      if (isForbidden(document.charAt(i))) {
        StringBuilder clean = new StringBuilder(document);
        for (int j = i; j < clean.length(); j++) {
          if (isForbidden(clean.charAt(j))) {
            clean.setCharAt(j, '\uFFFD');
          }
        }
        return clean.toString();
      }
    }
    return document;
  }

  private static boolean isForbidden(char c) {
    return c == '\uFFFE'
        || c == '\uFFFF'
        || (c != 0 && c < 0x20 && c != '\t' && c != '\n' && c != '\r');
  }

  private static final class Fields extends DefaultHandler {

    private final Map<String, String> values = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();
    private final String[] path = new String[MAX_DEPTH];
    private int depth;
    private int elements;
    private boolean leaf;

    @Override
    public void startElement(
        @Nullable String uri, @Nullable String local, String name, Attributes attributes)
        throws SAXException {
      if (depth == MAX_DEPTH || ++elements > MAX_ELEMENTS || attributes.getLength() > 0) {
        throw new SAXException("not a message of the platform");
      }
      path[depth++] = name;
      text.setLength(0);
      leaf = true;
    }

    // Called once per section: a text with ]]> in it arrives as several CDATA sections.
    @Override
    public void characters(char[] ch, int start, int length) {
      text.append(ch, start, length);
    }

    @Override
    public void endElement(@Nullable String uri, @Nullable String local, String name) {
      if (leaf && depth > 1) {
        values.putIfAbsent(name(), text.toString());
      }
      leaf = false;
      text.setLength(0);
      depth--;
    }

    private String name() {
      return String.join(".", java.util.Arrays.asList(path).subList(1, depth));
    }

    @Override
    public InputSource resolveEntity(@Nullable String publicId, @Nullable String systemId)
        throws SAXException {
      throw new SAXException("external entities are not read");
    }
  }
}
