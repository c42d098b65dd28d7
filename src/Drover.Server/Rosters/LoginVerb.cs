using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Drover.Agents;
using Drover.Api;
using Drover.Server.Runs;
using Drover.Server.Verbs;

namespace Drover.Server.Rosters;

/// <summary><c>drover agents login</c>: the vendor's own login, in this terminal, for an agent that has a home of its own. What it stores there is neither read nor copied.</summary>
internal static class LoginVerb
{
    private const string Usage = """
        usage: drover agents login NAME

        Runs the vendor's own login for an agent of drover.yaml with `home: isolated`. The agents of one entry share their home, so one login does for all of them.
        An agent with `home: user` uses the login that you have already.
        """;

    /// <summary>What a login needs beside the common variables: a browser, and the way to it.</summary>
    private static readonly string[] Needed =
        ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "SSH_*", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

    public static int Run(string[] args, VerbIo io)
    {
        if (args.Any(a => a is "--help" or "-h"))
        {
            io.Output.WriteLine(Usage);
            return ExitCodes.Done;
        }

        if (args is not [var name] || name.StartsWith('-')) return io.Fail(false, ExitCodes.Usage, "usage", $"the agent's NAME is needed\n{Usage}");
        try
        {
            var agent = Ask(io, name);
            if (WhyNot(agent) is { } why) return io.Fail(false, ExitCodes.Refused, "conflict", why);
            return Start(agent, Presets.Of(agent.Adapter, agent.Command)!, io);
        }
        catch (RefusedException e)
        {
            return io.Fail(false, e.Problem.Code == Problems.AgentNotFound.Code ? ExitCodes.NotFound : ExitCodes.Refused, e.Problem.Code, e.Message);
        }
        catch (ServerNotRunningException e)
        {
            return io.Fail(false, ExitCodes.NoServer, "no_server", $"{e.Message}\nThe server knows the agents' homes. Start it with: drover up");
        }
        catch (Exception e) when (e is Win32Exception or ServerSilentException or IOException or UnauthorizedAccessException)
        {
            return io.Fail(false, ExitCodes.Failed, "failed", e.Message);
        }
    }

    /// <summary>Why there is nothing to log in to, with what to do instead; null when there is.</summary>
    private static string? WhyNot(AgentJson agent) =>
        agent.Home is not { } home
            ? $"{agent.Name} has `home: user`: it uses your own login. Log in with its program itself, or give the agent `home: isolated` in drover.yaml for a login of its own"
        : agent.Proof.State == "missing" ? $"{agent.Name}: {agent.Proof.Text}"
        : Presets.Of(agent.Adapter, agent.Command)?.Login is null
            ? $"nothing is known of how {Path.GetFileName(agent.Command[0])} logs in. Its home is {home}; run its login yourself with HOME set to that, or give it a key with `environment: pass:` in drover.yaml"
        : null;

    private static AgentJson Ask(VerbIo io, string name) => JsonSerializer.Deserialize(
        new ApiClient(SocketPath.Of(io.Home), null).Get($"/api/v1/agents/{Uri.EscapeDataString(name)}?directory={Uri.EscapeDataString(io.Directory)}"), ApiJson.Default.AgentJson)!;

    private static int Start(AgentJson agent, Preset preset, VerbIo io)
    {
        var start = StartInfo(agent, preset.LoginWith(agent.Command), io.Directory);
        Directory.CreateDirectory(agent.Home!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        io.Errors.WriteLine($"{string.Join(' ', start.ArgumentList.Prepend(start.FileName))}, in the home {agent.Home}");
        if (preset.Login!.Hint is { } hint) io.Errors.WriteLine(hint);
        // The terminal sends Ctrl-C to both; how to end is the other's to decide.
        using var interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var process = Process.Start(start) ?? throw new Win32Exception($"{start.FileName} did not start");
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>The program with the very variables that lead a run's agent to its home.</summary>
    private static ProcessStartInfo StartInfo(AgentJson agent, IReadOnlyList<string> command, string directory)
    {
        var plan = Adapters.Find(agent.Adapter)!.Plan(new(agent.Command, directory, Guid.NewGuid().ToString(), null, null, false, new Dictionary<string, string>()) { IsolatedHome = agent.Home });
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, WorkingDirectory = directory };
        start.Environment.Clear();
        foreach (var (name, value) in Runs.Environments.Common(Needed)) start.Environment[name] = value;
        start.Environment["HOME"] = agent.Home;
        foreach (var (name, value) in plan.Environment) start.Environment[name] = value;
        return start;
    }
}
