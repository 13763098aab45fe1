// SPDX-License-Identifier: Apache-2.0
/** What tests of routing, agents and reports stand on: virtual time and a plain store. */
package dev.frontdesk.gateway.desk;
