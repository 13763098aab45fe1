// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.node.TextNode;

/** A text that came, in part at least, from the environment: messages name its source only. */
final class Substituted extends TextNode {

  private static final long serialVersionUID = 1L;

  private final String source;

  /**
   * @param source the variables it came from: {@code ${HOST}}
   */
  Substituted(String value, String source) {
    super(value);
    this.source = source;
  }

  String source() {
    return source;
  }
}
