// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.telemetry;

/** The names of log fields; ids, numbers and states only, never text, names or numbers to call. */
public final class LogKeys {
  public static final String WORKSPACE = "workspaceId";
  public static final String CONVERSATION = "conversationId";
  public static final String CHANNEL = "channelId";
  public static final String AGENT = "agentId";
  public static final String BOT = "botId";
  public static final String QUEUE = "queueId";
  public static final String EVENT = "eventId";
  public static final String ENDPOINT = "endpointId";
  public static final String REASON = "reason";

  private LogKeys() {}
}
