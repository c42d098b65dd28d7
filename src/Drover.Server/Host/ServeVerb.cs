using System.Globalization;
using System.Runtime.InteropServices;
using Drover.Agents;
using Drover.Api;
using Drover.Server.Config;

namespace Drover.Server.Host;

/// <summary><c>drover-server serve [--detached] [--port N]</c>: serves one home until it is told to stop.</summary>
internal static partial class ServeVerb
{
    public static async Task<int> Run(string[] args)
    {
        int? port = null;
        for (var i = 0; i < args.Length; i++)
        {
            // A session of its own: neither Ctrl-C in the terminal that started it nor that terminal's end reaches it.
            if (args[i] == "--detached") _ = setsid();
            else if (args[i] == "--port" && i + 1 < args.Length && ushort.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                (port, i) = (number, i + 1);
            else return Say(2, "usage: drover-server serve [--detached] [--port N], with N from 0 to 65535");
        }

        var home = DroverHome.FromEnvironment();
        var machine = MachineFile.Load(home, [.. Adapters.All.Select(a => a.Name)]);
        if (machine.Value is not { } settings) return Say(1, string.Join('\n', machine.Problems));
        var options = new DroverHostOptions
        {
            Home = home,
            Port = port ?? settings.Port,
            Time = TimeProvider.System,
            Random = new LockedRandom(new()),
            Machine = settings,
        };
        var start = await DroverHost.Start(options);
        if (start is HostStart.Refused refused) return Say(1, refused.Why);
        if (start is HostStart.Running(var host))
        {
            await using (host) await host.UntilTold();
        }

        return 0;
    }

    private static int Say(int exitCode, string what)
    {
        Console.Error.WriteLine(what);
        return exitCode;
    }

    [LibraryImport("libc")]
    private static partial int setsid();
}
