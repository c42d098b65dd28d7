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
        using var process = Process.Start(ServerLaunch.Command(Path(), arguments)) ?? throw new CommandFailedException("drover-server did not start");
        process.WaitForExit();
        return process.ExitCode;
    }

    public static string Path()
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
