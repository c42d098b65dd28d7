using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Drover.Server.Conformance;

/// <summary>Puts a model server of its own beside an agent, in the same sandbox: a network that has nothing but loopback has it to itself.</summary>
/// <param name="Rehearsal">The path of drover-rehearsal.</param>
/// <param name="Folder">Where the model server leaves its log; writable inside the sandbox.</param>
internal sealed record ModelWrap(string Rehearsal, string Folder, int Port)
{
    public const string Script = "builtin:conformance";

    /// <summary>In a network of its own any port is free.</summary>
    public const int PortInside = 8080;

    private const string Shell = """
        model=$1 port=$2 script=$3 log=$4 said=$5; shift 5
        : >"$said"
        "$model" model --script "$script" --port "$port" --log "$log" </dev/null >"$said" 2>&1 &
        n=0
        until grep -q '"url"' "$said"; do
            n=$((n+1))
            if [ $n -gt 600 ] || ! kill -0 $! 2>/dev/null; then cat "$said" >"$said.failed"; exit 125; fi
            sleep 0.05
        done
        exec "$@"
        """;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>What it said when it did not come up; null when it did. No agent is to blame for that.</summary>
    public string? Trouble => File.Exists(Said + ".failed") ? File.ReadAllText(Said + ".failed").Trim() : null;

    private string Said => Path.Combine(Folder, "said");

    public string Log => Path.Combine(Folder, "requests");

    /// <summary>What the model server needs to see, should it lie in a directory that the sandbox hides.</summary>
    public IReadOnlyList<string> Reads =>
        [Path.GetDirectoryName(Rehearsal)!, Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."))];

    public IReadOnlyList<string> Before(IReadOnlyList<string> command) =>
        ["/bin/sh", "-c", Shell, "model", Rehearsal, Port.ToString(CultureInfo.InvariantCulture), Script, Log, Said, .. command];

    /// <summary>A port of this machine that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
