// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

/**
 * What a platform is answered once its events are stored.
 *
 * @param contentType empty when there is no body
 * @param body sent as UTF-8
 */
public record WebhookAnswer(int status, String contentType, String body) {

  /** 200 without a body. */
  public static final WebhookAnswer OK = new WebhookAnswer(200, "", "");

  /** 200 with a text of the given type, as UTF-8. */
  public static WebhookAnswer ok(String contentType, String body) {
    return new WebhookAnswer(200, contentType, body);
  }
}
