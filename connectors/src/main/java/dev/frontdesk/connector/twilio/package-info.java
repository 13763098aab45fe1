// SPDX-License-Identifier: Apache-2.0
/** Twilio: text messages in and out, calls in as voicemail. */
@NullMarked
package dev.frontdesk.connector.twilio;

import org.jspecify.annotations.NullMarked;
