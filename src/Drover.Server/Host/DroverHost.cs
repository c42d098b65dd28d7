using System.Net.Sockets;
using Drover.Api;
using Drover.Node.Repositories;
using Drover.Server.Http;
using Drover.Server.Journaling;

namespace Drover.Server.Host;

/// <summary>A running server: it owns the web server and everything the composition root has made.</summary>
internal sealed class DroverHost : IAsyncDisposable
{
    private readonly Composition _composition;
    private readonly WebApplication _app;

    private DroverHost(Composition composition, WebApplication app, ServerJson server)
    {
        (_composition, _app, Server) = (composition, app, server);
    }

    public ServerJson Server { get; }

    public static async Task<HostStart> Start(DroverHostOptions options)
    {
        var home = options.Home;
        Directory.CreateDirectory(home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            return await Git.Find(options.Time, Scratch.At(Path.Combine(home.Path, "scratch")), CancellationToken.None) switch
            {
                GitProbe.Ready ready => new HostStart.Running(await Open(ready.Git, options)),
                GitProbe.Unfit unfit => new HostStart.Refused($"{unfit.Why}\n{unfit.Advice}"),
                var other => throw new InvalidOperationException($"{other} is no finding about git"),
            };
        }
        catch (Exception e) when (WhyRefused(e) is not null)
        {
            return new HostStart.Refused(WhyRefused(e)!);
        }
    }

    private static async Task<DroverHost> Open(Git git, DroverHostOptions options)
    {
        SocketPath.MakeDirectory();
        var socket = SocketPath.Of(options.Home);

        // Each of the two takes a good part of the start, so they go side by side.
        var opening = Task.Run(() => Journal.Open(options.Home.Path, options.Time));
        var app = Build(options, socket);
        try
        {
            // The journal's lock on the home is taken before a door is opened, so a socket that is there can only be left over.
            var composition = Composition.Open(git, await opening, options, app);
            try
            {
                await app.StartAsync();
                var server = Describe(options, socket, Listening.Address(app));
                await composition.Started(server);
                return new(composition, app, server);
            }
            catch
            {
                await composition.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(DroverHostOptions options, string socket)
    {
        var former = ServerFile.Read(options.Home);
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = options.Home.Path, ApplicationName = "drover-server" });
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "yyyy-MM-dd HH:mm:ss "));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddRoutingCore();
        OpenApi.Add(builder.Services);
        Listening.Configure(builder, socket, options.Port, former is null ? null : new Uri(former.Url).Port);
        return builder.Build();
    }

    /// <summary>Waits for SIGTERM, Ctrl-C or a request to stop.</summary>
    public Task UntilTold() => _app.WaitForShutdownAsync();

    /// <summary>Answers nothing more, ends the loops, closes the journal. The agents go on: their keepers outlive the server.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        // While the home is still ours: the next server makes its own socket of that name.
        File.Delete(Server.Socket);
        await _composition.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static ServerJson Describe(DroverHostOptions options, string socket, Uri address)
    {
        var self = ProcessFacts.Self();
        var url = address.ToString();
        var now = options.Time.GetUtcNow();
        ServerFile.Write(options.Home, new(self.Pid, self.StartTime, self.BootId, socket, url, ProcessFacts.Version, now));
        return new(ProcessFacts.Version, self.Pid, options.Home.Path, socket, url, now);
    }

    private static string? WhyRefused(Exception e) => e switch
    {
        UnsafeSocketDirectoryException => e.Message,
        IOException { InnerException: SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } } =>
            "the port is taken by another program: choose another one with --port, or leave it out",
        _ => Composition.WhyRefused(e),
    };
}
