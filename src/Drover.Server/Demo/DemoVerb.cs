using System.Runtime.InteropServices;
using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Server.Verbs;

namespace Drover.Server.Demo;

/// <summary><c>drover demo</c>: three tickets from words to main, on a repository made for it.</summary>
internal static class DemoVerb
{
    public static async Task<int> Run(string[] args, VerbIo io, Func<string, string?> findProgram, TimeProvider time)
    {
        if (args.Any(a => a is "--help" or "-h"))
        {
            io.Output.WriteLine(DemoOptions.Usage);
            return ExitCodes.Done;
        }

        if (DemoOptions.Read(args, out var wrong) is not { } options)
        {
            io.Errors.WriteLine($"drover: {wrong}\n\n{DemoOptions.Usage}");
            return ExitCodes.Usage;
        }

        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            if (await Git.Find(time, Scratch.Temporary, interrupted.Token) is not GitProbe.Ready { Git: var git }) throw new DemoFailedException($"the demo needs git {Git.Oldest} or newer; drover doctor says how to get it");
            if (findProgram("node") is null) throw new DemoFailedException("the sample project is tested by Node 20 or newer, and there is no node on the PATH");
            return await new DemoPlay(options, Agent(options, findProgram), DemoPlace.Make(), git, io, time).Run(interrupted.Token);
        }
        catch (Exception e) when (e is DemoFailedException or RefusedException or ServerNotStartedException or ServerSilentException or ServerNotRunningException or GitFailedException or IOException)
        {
            io.Errors.WriteLine($"drover: {e.Message}");
            return ExitCodes.Failed;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static Preset Agent(DemoOptions options, Func<string, string?> findProgram)
    {
        if (options.Agent is not { } name)
            return Presets.Scripted(RehearsalProgram.Find() ?? throw NoRehearsal(), RehearsalProgram.Script);
        var preset = Presets.All.Single(p => p.Name == name);
        var program = options.Program ?? findProgram(preset.Command[0])
            ?? throw new DemoFailedException($"{preset.Title} is not on the PATH. Install it ({preset.Install}), or name its program with --program");
        return preset with { Command = [Path.GetFullPath(program), .. preset.Command.Skip(1)] };
    }

    internal static DemoFailedException NoRehearsal() => new($"drover-rehearsal, which plays the demo's script, is not beside drover-server ({AppContext.BaseDirectory})");
}
