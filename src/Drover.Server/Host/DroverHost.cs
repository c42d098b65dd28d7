using System.Net.Sockets;
using Drover.Api;
using Drover.Server.Http;

namespace Drover.Server.Host;

/// <summary>A running server: it owns the home's lock, the web server and everything the composition root has made.</summary>
internal sealed class DroverHost : IAsyncDisposable
{
    private readonly HomeLock _lock;
    private readonly Composition _composition;
    private readonly WebApplication _app;

    private DroverHost(HomeLock taken, Composition composition, WebApplication app, ServerJson server)
    {
        (_lock, _composition, _app, Server) = (taken, composition, app, server);
    }

    public ServerJson Server { get; }

    public static async Task<HostStart> Start(DroverHostOptions options)
    {
        var home = options.Home;
        Directory.CreateDirectory(home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (HomeLock.TryTake(home.Path) is not { } taken) return new HostStart.Refused(HeldBy(home));
        try
        {
            return new HostStart.Running(await Start(options, taken));
        }
        catch (Exception e) when (WhyRefused(e) is not null)
        {
            taken.Dispose();
            return new HostStart.Refused(WhyRefused(e)!);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    private static async Task<DroverHost> Start(DroverHostOptions options, HomeLock taken)
    {
        SocketPath.MakeDirectory();
        var former = ServerFile.Read(options.Home);
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = options.Home.Path, ApplicationName = "drover-server" });
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "yyyy-MM-dd HH:mm:ss "));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddRoutingCore();
        OpenApi.Add(builder.Services);
        var socket = SocketPath.Of(options.Home);
        Listening.Configure(builder, socket, options.Port, former is null ? null : new Uri(former.Url).Port);

        var app = builder.Build();
        var composition = Composition.Open(options, app);
        try
        {
            await app.StartAsync();
            var server = Describe(options, socket, Listening.Address(app));
            composition.Started(server);
            return new(taken, composition, app, server);
        }
        catch
        {
            await app.DisposeAsync();
            await composition.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for SIGTERM, Ctrl-C or a request to stop.</summary>
    public Task UntilTold() => _app.WaitForShutdownAsync();

    /// <summary>Answers nothing more, ends the loops, closes the journal. The agents go on: their keepers outlive the server.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _composition.DisposeAsync();
        await _app.DisposeAsync();
        File.Delete(Server.Socket);
        _lock.Dispose();
    }

    private static ServerJson Describe(DroverHostOptions options, string socket, Uri address)
    {
        var self = ProcessFacts.Self();
        var url = address.ToString();
        var now = options.Time.GetUtcNow();
        ServerFile.Write(options.Home, new(self.Pid, self.StartTime, self.BootId, socket, url, ProcessFacts.Version, now));
        return new(ProcessFacts.Version, self.Pid, options.Home.Path, socket, url, now);
    }

    private static string HeldBy(DroverHome home) => ServerFile.Read(home) is { } other
        ? $"a server (pid {other.Pid}, {other.Url}) already serves {home.Path}: use it, stop it with 'drover down', or set DROVER_HOME"
        : $"another server is just starting in {home.Path}: use it, stop it with 'drover down', or set DROVER_HOME";

    private static string? WhyRefused(Exception e) => e switch
    {
        UnsafeSocketDirectoryException => e.Message,
        IOException { InnerException: SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } } =>
            "the port is taken by another program: choose another one with --port, or leave it out",
        _ => Composition.WhyRefused(e),
    };
}
