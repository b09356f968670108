/**
 * How users are: {@link dev.carillon.server.status.EffectiveStatus} says it of a {@link
 * dev.carillon.server.status.UserRecord} at a time, {@link dev.carillon.server.status.Changes} are
 * what can happen to a record, {@link dev.carillon.server.status.StatusStore} keeps the records.
 * The rules are pure functions of records and times; all I/O is in the store.
 */
@NullMarked
package dev.carillon.server.status;

import org.jspecify.annotations.NullMarked;
