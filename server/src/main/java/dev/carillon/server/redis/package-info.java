/**
 * The ports of a cluster: what nodes share lives in one Redis. Entry: {@link
 * dev.carillon.server.redis.RedisNode}. Jedis blocks, so it has threads of its own and never meets
 * an event loop.
 */
@NullMarked
package dev.carillon.server.redis;

import org.jspecify.annotations.NullMarked;
