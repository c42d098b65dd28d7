using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Drover.Node.Keeping;

/// <summary>Starts a keeper that is no child of the server: in a session of its own, with default signal dispositions and, where perl is there
/// to ask for it, adopting every orphan below it.</summary>
internal static class Launcher
{
    /// <summary>Position of the reaper's mark among the keeper's command: sh, -c, script, name, tools, cwd, cgroup, setsid, mark.</summary>
    private const int ReaperAt = 8;

    private static readonly string KeeperScript = Resource("keeper.sh");
    private static readonly string LaunchScript = Resource("launch.pl");

    /// <summary>Returns when the keeper has written its identity or has given up. Says what went wrong, or null; only the job's directory says what is true.</summary>
    internal static async Task<string?> Launch(ProcessStartInfo command, TimeSpan bound, TimeProvider time, CancellationToken ct)
    {
        using var process = new Process { StartInfo = command };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return $"{command.FileName} cannot be started: {e.Message}";
        }

        using var limit = new CancellationTokenSource(bound, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            // The keeper holds both pipes until its identity stands; the launcher itself ends at once.
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            await process.StandardOutput.ReadToEndAsync(either.Token);
            var text = await errors;
            await process.WaitForExitAsync(either.Token);
            return text.Length > 0 ? text.Trim() : null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"the keeper has not come up within {bound.TotalSeconds:0} s";
        }
    }

    /// <param name="perl">Path of perl; without it <c>setsid</c> starts the keeper, which then adopts no orphans.</param>
    internal static ProcessStartInfo Command(JobDirectory job, JobSpec spec, string? cgroup, string? perl)
    {
        var tools = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : "/usr/bin:/bin";
        var start = new ProcessStartInfo
        {
            WorkingDirectory = job.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var setsidProgram = Programs.Find("setsid");
        string[] keeper = ["/bin/sh", "-c", KeeperScript, $"drover-keeper-{job.Id}", tools, spec.WorkingDirectory, cgroup ?? "", setsidProgram ?? ""];
        if (perl is not null)
        {
            start.FileName = perl;
            var (prctl, setsid) = CallNumbers();
            Add(start, ["-e", LaunchScript, prctl, setsid, ReaperAt.ToString(System.Globalization.CultureInfo.InvariantCulture), .. keeper, .. spec.Arguments]);
        }
        else
        {
            start.FileName = setsidProgram ?? "setsid";
            // .NET leaves SIGPIPE ignored in what it starts, and a shell cannot undo that: GNU env can.
            Add(start, ["-f", "env", "--default-signal", .. keeper, "0", .. spec.Arguments]);
        }

        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment) start.Environment[name] = value;
        start.Environment[JobDirectory.Marker] = job.Id.Value;
        return start;
    }

    private static (string Prctl, string SetSid) CallNumbers() => !OperatingSystem.IsLinux() ? ("0", "0") : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => ("157", "112"),
        Architecture.Arm64 => ("167", "157"),
        _ => ("0", "0"),
    };

    private static void Add(ProcessStartInfo start, IEnumerable<string> arguments)
    {
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
    }

    private static string Resource(string name)
    {
        using var stream = typeof(Launcher).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
