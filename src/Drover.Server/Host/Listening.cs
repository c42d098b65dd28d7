using System.Net;
using System.Net.Sockets;
using Drover.Server.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Drover.Server.Host;

/// <summary>The two doors: a unix socket for the user's programs, loopback TCP for the browser and for agents.</summary>
internal static class Listening
{
    public static void Configure(WebApplicationBuilder builder, string socket, int? port, int? formerPort)
    {
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = JsonBody.MaxBytes;
            kestrel.ListenUnixSocket(socket, door =>
            {
                door.Protocols = HttpProtocols.Http1;
                door.Use(PeerProcess.Remember);
            });
            kestrel.Listen(IPAddress.Loopback, port ?? 0, door => door.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = endpoint => endpoint switch
        {
            UnixDomainSocketEndPoint unix => BindUnix(unix, socket),
            IPEndPoint { Port: 0 } any when formerPort is { } former => BindFormer(any, former),
            _ => SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint),
        });
    }

    /// <summary>The TCP door's address, with the port that was taken.</summary>
    public static Uri Address(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()
            ?? throw new InvalidOperationException("the web server has no addresses");
        return new(addresses.Addresses.Single(a => a.StartsWith("http://127.", StringComparison.Ordinal)));
    }

    /// <summary>The caller holds the home's lock, so a socket file of that name can only be left over.</summary>
    private static Socket BindUnix(UnixDomainSocketEndPoint endpoint, string path)
    {
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(endpoint);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return socket;
    }

    private static Socket BindFormer(IPEndPoint any, int former)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(any.Address, former));
        }
        catch (SocketException)
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(any);
        }
    }
}
