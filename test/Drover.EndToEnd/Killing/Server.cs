using System.Diagnostics;
using Drover.Api;

namespace Drover.EndToEnd.Killing;

/// <summary>The server of a site, which dies and is started again as often as it dies, as a user or a service manager would.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const int Killed = 128 + 9;

    private readonly Site _site;
    private readonly Lock _gate = new();
    private readonly List<int> _deaths = [];
    private readonly Task _keeping;
    private Process _process;
    private bool _ended;

    private Server(Site site, string? crashAt)
    {
        _site = site;
        Socket = site.Socket;
        _process = Start(crashAt);
        _keeping = Task.Run(Keep);
    }

    public string Socket { get; }

    /// <summary>How often it has been killed: by a crash point, or by <see cref="Kill"/>.</summary>
    public int Deaths
    {
        get { lock (_gate) return _deaths.Count; }
    }

    public int Pid
    {
        get { lock (_gate) return _process.Id; }
    }

    /// <param name="crashAt">The first process dies there; the ones after it do not.</param>
    public static Server Keep(Site site, string? crashAt = null) => new(site, crashAt);

    public void Kill()
    {
        lock (_gate) _process.Kill();
    }

    /// <summary>Kills it for good: no other one follows.</summary>
    public async Task End()
    {
        lock (_gate)
        {
            _ended = true;
            _process.Kill();
        }

        await _keeping;
    }

    public bool Answers()
    {
        try
        {
            new ApiClient(Socket, null).Get("/api/v1/server");
            return true;
        }
        catch (Exception e) when (IsAway(e))
        {
            return false;
        }
    }

    /// <summary>Whether the server was away or died over the question: the same question may be asked again.</summary>
    public static bool IsAway(Exception e) => e is ServerNotRunningException or ServerSilentException or System.Net.Sockets.SocketException
        or RefusedException { Problem.Code: "unavailable" };

    public string Log => File.Exists(_site.Home.LogFile) ? File.ReadAllText(_site.Home.LogFile) : "";

    public async ValueTask DisposeAsync() => await End();

    private async Task Keep()
    {
        while (true)
        {
            await _process.WaitForExitAsync();
            lock (_gate)
            {
                if (_ended) return;
                _deaths.Add(_process.ExitCode);
                if (_process.ExitCode != Killed) throw new InvalidOperationException($"the server ended by itself with {_process.ExitCode}:\n{Log}");
                _process.Dispose();
                _process = Start(null);
            }
        }
    }

    private Process Start(string? crashAt)
    {
        // Its output goes into a file of its own: a pipe would break with the test.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" serve >>\"$1\" 2>&1", Programs.Server, _site.Home.LogFile]) { WorkingDirectory = _site.Root };
        Directory.CreateDirectory(_site.Home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        start.Environment.Clear();
        foreach (var (name, value) in _site.Environment) start.Environment[name] = value;
        if (crashAt is not null) start.Environment["DROVER_CRASH_AT"] = crashAt;
        return Process.Start(start)!;
    }
}
