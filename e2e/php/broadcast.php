<?php

// What a Laravel application has where Laravel and Pusher's PHP SDK are not at hand: the methods of that SDK with its own
// signatures, over the function carillon() of docs/USER-STATUS.md. Run before what an application would write.

namespace Illuminate\Support\Facades;

final class Broadcast
{
    public static function connection(): self
    {
        return new self();
    }

    public function getPusher(): Pusher
    {
        return new Pusher();
    }
}

/** `post` takes the body as text, answers are objects, and an event's data is JSON in JSON: as in version 7. */
final class Pusher
{
    public function get(string $path, array $params = []): object
    {
        return self::asObject(\carillon('GET', $path, $params));
    }

    public function post(string $path, string $body, array $params = []): object
    {
        return self::asObject(\carillon('POST', $path, $params, json_decode($body, false, 512, JSON_THROW_ON_ERROR)));
    }

    public function trigger(string $channel, string $event, mixed $data, array $params = []): object
    {
        $data = json_encode($data, JSON_THROW_ON_ERROR);

        return $this->post('/events', json_encode(['name' => $event, 'data' => $data, 'channel' => $channel] + $params));
    }

    private static function asObject(array $answer): object
    {
        return json_decode(json_encode((object) $answer));
    }
}
