using System.Net.Sockets;
using System.Text;
using Drover.Api;
using Drover.Server.Tests.Journaling;
using Xunit;

namespace Drover.Server.Tests.Http;

public sealed class ServerLaunchTests
{
    [Fact]
    public async Task A_server_that_has_only_begun_to_start_does_not_answer_yet()
    {
        using var place = new TestHome();
        var home = DroverHome.At(place.Path);
        SocketPath.MakeDirectory();
        var socket = SocketPath.Of(home);
        using var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        door.Bind(new UnixDomainSocketEndPoint(socket));
        try
        {
            door.Listen();
            var answering = Answer(door, """{"code":"unavailable","title":"The server cannot do this now","status":503,"detail":"the server is just starting; ask again"}""");

            Assert.Null(ServerLaunch.Ask(home));
            await answering;
        }
        finally
        {
            File.Delete(socket);
        }
    }

    private static async Task Answer(Socket door, string body)
    {
        using var connection = await door.AcceptAsync(TestContext.Current.CancellationToken);
        await connection.ReceiveAsync(new byte[4096], TestContext.Current.CancellationToken);
        var answer = $"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        await connection.SendAsync(Encoding.UTF8.GetBytes(answer), TestContext.Current.CancellationToken);
    }
}
