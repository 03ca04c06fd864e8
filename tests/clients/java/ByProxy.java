import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The client of the JDK with constant hosts: its properties say where the proxy is, and whom to trust. */
public class ByProxy {
    private static final String DEPLOYMENT = "00000000-0000-4000-8000-0000000000cc";

    public static void main(String[] args) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        URI discovery = URI.create("https://login.mypurecloud.de/.well-known/openid-configuration");
        String document = client.send(HttpRequest.newBuilder(discovery).build(), BodyHandlers.ofString()).body();
        String issuer = document.replaceFirst("^\\{\"issuer\":\"([^\"]*)\".*$", "$1");

        CompletableFuture<String> first = new CompletableFuture<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                text.append(data);
                if (last) first.complete(text.toString());
                socket.request(1);
                return null;
            }

            @Override
            public void onError(WebSocket socket, Throwable error) {
                first.completeExceptionally(error);
            }
        };
        URI target = URI.create("wss://webmessaging.mypurecloud.de/v1?deploymentId=" + DEPLOYMENT);
        WebSocket socket = client.newWebSocketBuilder().buildAsync(target, listener).get(30, TimeUnit.SECONDS);
        String token = "11111111-1111-4111-8111-111111111111";
        String configure = "{\"action\":\"configureSession\",\"deploymentId\":\"" + DEPLOYMENT + "\",\"token\":\"" + token + "\"}";
        socket.sendText(configure, true).get(30, TimeUnit.SECONDS);
        boolean configured = first.get(30, TimeUnit.SECONDS).contains("\"class\":\"SessionResponse\"");
        socket.abort();

        String stray;
        try {
            HttpRequest other = HttpRequest.newBuilder(URI.create("https://example.com/")).build();
            stray = String.valueOf(client.send(other, BodyHandlers.ofString()).statusCode());
        } catch (java.io.IOException error) {
            stray = error.getMessage();
        }
        System.out.printf("{\"issuer\":\"%s\",\"configured\":%b,\"stray\":\"%s\"}%n", issuer, configured, stray);
    }
}
