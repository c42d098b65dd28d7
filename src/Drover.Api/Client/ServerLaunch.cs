using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Drover.Api;

/// <summary>Starts the server's program.</summary>
public static class ServerLaunch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How the program is started in this terminal.</summary>
    public static ProcessStartInfo Command(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        // The server's launcher looks for the runtime in its usual places only; ours has already found one.
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is null && runtime.Length > 0 && File.Exists(Path.Combine(runtime, "../../../dotnet")))
            start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(runtime, "../../.."));
        return start;
    }

    /// <summary>Starts a server that outlives its starter and its terminal, with its output in the home's log file, and waits until it answers.</summary>
    /// <param name="program">The path of drover-server.</param>
    /// <param name="change">What else its environment needs.</param>
    /// <exception cref="ServerNotStartedException">It ended, or does not answer; the message says why as far as the log tells.</exception>
    public static ServerJson Detached(string program, DroverHome home, IReadOnlyList<string> arguments, Action<IDictionary<string, string?>> change)
    {
        // Only a shell can open the log for the child; what varies reaches it as arguments and never as text of the script.
        const string script = """log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1""";
        Directory.CreateDirectory(home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var log = new FileInfo(home.LogFile);
        var before = log.Exists ? log.Length : 0;
        var start = Command("/bin/sh", ["-c", script, "drover", home.LogFile, program, "serve", "--detached", .. arguments]);
        change(start.Environment);
        start.Environment["DROVER_HOME"] = home.Path;
        using var process = Process.Start(start) ?? throw new ServerNotStartedException($"{program} did not start");
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < Patience)
        {
            var ended = process.WaitForExit(TimeSpan.FromMilliseconds(10));
            if (Ask(home) is { } server) return server;
            if (ended) throw new ServerNotStartedException($"the server did not start:\n{Since(home.LogFile, before)}");
        }

        throw new ServerNotStartedException($"the server does not answer after a minute; its log is {home.LogFile}");
    }

    /// <summary>Null when no server answers, or it has only begun to start.</summary>
    public static ServerJson? Ask(DroverHome home)
    {
        try
        {
            return new ApiClient(SocketPath.Of(home), null).Get("/api/v1/server", ApiJson.Default.ServerJson);
        }
        catch (ServerNotRunningException)
        {
            return null;
        }
        catch (RefusedException e) when (IsStarting(e))
        {
            return null;
        }
    }

    /// <summary>Whether a server is there whose doors are open while it is still getting ready.</summary>
    public static bool IsStarting(RefusedException refused) => refused.Problem.Code == Problems.Unavailable.Code;

    private static string Since(string file, long offset)
    {
        using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(Math.Max(offset, log.Length - 4000), SeekOrigin.Begin);
        using var reader = new StreamReader(log, Encoding.UTF8);
        return reader.ReadToEnd().TrimEnd();
    }
}

/// <summary>No server came up; the message says why.</summary>
public sealed class ServerNotStartedException(string message) : Exception(message);
