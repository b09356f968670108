package dev.carillon.protocol.event;

import dev.carillon.protocol.status.StatusChoice;
import org.jspecify.annotations.Nullable;

/**
 * What a client may send. Channel names are as they came: whether one is valid depends on the app,
 * and the refusal repeats it. Source: docs/PROTOCOL.md, "From the client".
 */
public sealed interface ClientEvent {
  /** Calls the handler's method for this event. */
  void dispatch(Handler handler);

  /**
   * {@code {"event":"pusher:subscribe","data":{"channel":"private-a","auth":"KEY:hex"}}}
   *
   * @param channel not empty
   * @param auth {@code <key>:<signature>}; public channels have none, or an empty one
   * @param channelData for presence channels, JSON in a string, byte for byte as it was signed
   */
  record Subscribe(String channel, @Nullable String auth, @Nullable String channelData)
      implements ClientEvent {
    @Override
    public void dispatch(Handler handler) {
      handler.subscribe(this);
    }
  }

  /** {@code {"event":"pusher:unsubscribe","data":{"channel":"news"}}} */
  record Unsubscribe(String channel) implements ClientEvent {
    @Override
    public void dispatch(Handler handler) {
      handler.unsubscribe(this);
    }
  }

  /**
   * {@code {"event":"pusher:signin","data":{"auth":"KEY:hex","user_data":"{\"id\":\"u1\"}"}}}
   *
   * @param userData JSON in a string, byte for byte as it was signed; see {@link UserData}
   */
  record Signin(String auth, String userData) implements ClientEvent {
    @Override
    public void dispatch(Handler handler) {
      handler.signin(this);
    }
  }

  /**
   * {@code {"event":"client-typing","channel":"private-a","data":{"on":true}}}
   *
   * @param event starts with {@code client-}
   * @param data any JSON, unparsed; {@code null} if the key is missing
   */
  record ClientMessage(String event, String channel, @Nullable RawJson data)
      implements ClientEvent {
    @Override
    public void dispatch(Handler handler) {
      handler.clientMessage(this);
    }
  }

  /** {@code {"event":"status:set","data":{"status":"busy","custom_message":"In a call"}}} */
  record StatusSet(StatusChoice choice) implements ClientEvent {
    @Override
    public void dispatch(Handler handler) {
      handler.statusSet(this);
    }
  }

  /** {@code {"event":"status:activity","data":{}}} */
  record StatusActivity() implements ClientEvent {
    @Override
    public void dispatch(Handler handler) {
      handler.statusActivity(this);
    }
  }

  /** {@code {"event":"pusher:ping","data":{}}} */
  record Ping() implements ClientEvent {
    @Override
    public void dispatch(Handler handler) {
      handler.ping(this);
    }
  }

  /** {@code {"event":"pusher:pong","data":{}}} */
  record Pong() implements ClientEvent {
    @Override
    public void dispatch(Handler handler) {
      handler.pong(this);
    }
  }

  /** An event that is none of the above; it is ignored, so that newer clients can be served. */
  record Unknown(String event) implements ClientEvent {
    @Override
    public void dispatch(Handler handler) {
      handler.unknown(this);
    }
  }

  /**
   * One method for each kind of event: a new kind does not compile until it is handled everywhere.
   */
  interface Handler {
    void subscribe(Subscribe event);

    void unsubscribe(Unsubscribe event);

    void signin(Signin event);

    void clientMessage(ClientMessage event);

    void statusSet(StatusSet event);

    void statusActivity(StatusActivity event);

    void ping(Ping event);

    void pong(Pong event);

    void unknown(Unknown event);
  }
}
