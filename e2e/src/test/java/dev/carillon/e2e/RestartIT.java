package dev.carillon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartIT {
  @TempDir Path directory;

  @Test
  void theClientIsSubscribedAndPresentAgainAfterARestart() throws Exception {
    try (var product = Product.start(directory);
        var application =
            new com.pusher.rest.Pusher(Product.APP_ID, Product.APP_KEY, Product.APP_SECRET)) {
      application.setHost("127.0.0.1:" + product.port());
      application.setEncrypted(false);
      try (var client = new JavaClient(product, application, "ann")) {
        var open = client.joinPublic("news");
        var members = client.joinPresence("presence-team");
        assertThat(members.nextOfMembers()).isEqualTo("here: [ann]");
        var socketId = client.socketId();

        product.restart();
        client.awaitReconnected();
        open.awaitSucceeded();
        members.awaitSucceeded();
        application.trigger("news", "after", "x");

        assertThat(open.next().getEventName()).isEqualTo("after");
        assertThat(members.nextOfMembers()).isEqualTo("here: [ann]");
        assertThat(client.socketId()).isNotEqualTo(socketId);
        Compatibility.proves("reconnect", Compatibility.CLIENT);
      }
    }
  }
}
