// SPDX-License-Identifier: Apache-2.0
/**
 * WeChat Official Account (公众号): callbacks in plain, compatible and safe mode, customer-service
 * sends.
 */
@NullMarked
package dev.frontdesk.connector.wechat;

import org.jspecify.annotations.NullMarked;
