using System.Diagnostics;
using System.Text;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent;

/// <summary>Runs a script's tools for real, in the agent's working directory.</summary>
internal sealed class ToolRunner(string workingDirectory, Inbox inbox)
{
    /// <summary>A command may leave something running that keeps its output open; nobody waits for that longer than this.</summary>
    private static readonly TimeSpan LateOutput = TimeSpan.FromMilliseconds(250);

    public ToolOutcome Run(Tool tool) => tool switch
    {
        Tool.Shell shell => Run(shell.Command),
        Tool.Write write => Write(write),
        _ => throw new UnreachableException(),
    };

    public string Locate(string path) => Path.Combine(workingDirectory, path);

    private ToolOutcome Write(Tool.Write write)
    {
        var path = Locate(write.Path);
        try
        {
            var created = !File.Exists(path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, write.Content);
            return new ToolOutcome.Wrote(created);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ToolOutcome.Failed(e.Message);
        }
    }

    private ToolOutcome Run(string command)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("sh")
            {
                ArgumentList = { "-c", command },
                WorkingDirectory = workingDirectory,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        // The event comes under a lock of the process's own, which HasExited takes too: the inbox, which has a lock itself, looks only at the flag.
        var hasExited = false;
        process.Exited += (_, _) =>
        {
            Volatile.Write(ref hasExited, true);
            inbox.Nudge();
        };
        process.Start();
        process.StandardInput.Close();
        var output = new StringBuilder();
        var readers = new[] { Drain(process.StandardOutput, output), Drain(process.StandardError, output) };

        if (!inbox.Wait(Timeout.InfiniteTimeSpan, () => Volatile.Read(ref hasExited)))
        {
            process.Kill(entireProcessTree: true);
            return new ToolOutcome.Interrupted();
        }

        foreach (var reader in readers) reader.Join(LateOutput);
        lock (output) return new ToolOutcome.Ran(output.ToString().TrimEnd('\n'), process.ExitCode);
    }

    private static Thread Drain(StreamReader from, StringBuilder into)
    {
        var thread = new Thread(() =>
        {
            var buffer = new char[4096];
            try
            {
                for (int read; (read = from.Read(buffer)) > 0;)
                    lock (into) into.Append(buffer, 0, read);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The command is over and its pipe closed under us: there is no more output to have.
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }
}
