package dev.carillon.server.broker;

import dev.carillon.protocol.channel.ChannelName;

/** What is published to and subscribed to: one channel of one app. */
public record Topic(String appId, ChannelName channel) {}
