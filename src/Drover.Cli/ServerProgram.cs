using System.Diagnostics;
using System.Runtime.InteropServices;
using Drover.Api;

namespace Drover.Cli;

/// <summary>The server's program: found through <c>DROVER_SERVER</c>, else beside this one.</summary>
internal static class ServerProgram
{
    /// <summary>Runs a verb of the server program in this terminal and gives its exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments)
    {
        // The terminal sends Ctrl-C to both; how to end is the other's to decide.
        using var interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var process = Start(Path(), arguments);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Starts a server that outlives this command and its terminal. Its output goes to the home's log file.</summary>
    public static Process StartDetached(DroverHome home, IReadOnlyList<string> arguments)
    {
        // Only a shell can open the log for the child; what varies reaches it as arguments and never as text of the script.
        const string script = """log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1""";
        return Start("/bin/sh", ["-c", script, "drover", home.LogFile, Path(), "serve", "--detached", .. arguments]);
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        // The server's launcher looks for the runtime in its usual places only; ours has already found one.
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is null && runtime.Length > 0 && File.Exists(System.IO.Path.Combine(runtime, "../../../dotnet")))
            start.Environment["DOTNET_ROOT"] = System.IO.Path.GetFullPath(System.IO.Path.Combine(runtime, "../../.."));
        return Process.Start(start) ?? throw new CommandFailedException($"{program} did not start");
    }

    private static string Path()
    {
        if (Environment.GetEnvironmentVariable("DROVER_SERVER") is { Length: > 0 } set)
            return File.Exists(set) ? set : throw new CommandFailedException($"DROVER_SERVER names {set}, which is no file");
        var here = AppContext.BaseDirectory;
        var build = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(here));
        string[] places = [System.IO.Path.Combine(here, "drover-server"), System.IO.Path.Combine(here, "../../Drover.Server", build, "drover-server")];
        return Array.Find(places, File.Exists)
            ?? throw new CommandFailedException($"the program drover-server is not beside drover ({here}): install both together, or set DROVER_SERVER to its path");
    }
}
