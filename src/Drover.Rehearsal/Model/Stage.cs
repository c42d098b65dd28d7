using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <param name="Name">The part of the URL by which the script is chosen; empty for the one without a name.</param>
internal sealed record Scene(string Name, Script Script);

/// <summary>The scripts that the server plays, each to the clients that ask for it by <c>/s/NAME</c> before the vendor's path.</summary>
internal sealed partial class Stage
{
    private readonly Dictionary<string, Scene> scenes;

    private Stage(Dictionary<string, Scene> scenes) => this.scenes = scenes;

    /// <param name="sources"><c>NAME=FILE</c>, or one <c>FILE</c> for the clients that name none.</param>
    public static Stage Open(IReadOnlyList<string> sources)
    {
        if (sources.Count == 0) throw new ScriptException("drover-rehearsal", 1, 1, "--script FILE is missing; builtin:NAME is a built-in one");
        var scenes = new Dictionary<string, Scene>();
        foreach (var source in sources)
        {
            var (name, file) = Named().Match(source) is { Success: true } named ? (named.Groups["name"].Value, named.Groups["file"].Value) : ("", source);
            if (!scenes.TryAdd(name, new Scene(name, ScriptSource.Open(file))))
                throw new ScriptException("drover-rehearsal", 1, 1, name == "" ? "give several scripts as --script NAME=FILE; one may be without a name" : $"there are two scripts called {name}");
        }

        return new Stage(scenes);
    }

    /// <returns>The scene, or null when there is no such script; and the request as the vendor's server would get it.</returns>
    public (Scene? Scene, HttpRequest Request) SceneFor(HttpRequest request)
    {
        if (Prefix().Match(request.Path) is not { Success: true } prefix) return (scenes.GetValueOrDefault(""), request);
        var path = prefix.Groups["rest"].Value;
        return (scenes.GetValueOrDefault(prefix.Groups["name"].Value), request with { Path = path == "" ? "/" : path });
    }

    public HttpRefusal NothingAt(HttpRequest request)
    {
        var played = scenes.Keys.Select(name => name == "" ? "/" : $"/s/{name}/").Order(StringComparer.Ordinal);
        var error = new JsonObject { ["type"] = "not_found_error", ["message"] = $"There is no {request.Path} here; scripts are played below {string.Join(", ", played)}" };
        return new HttpRefusal(404, new JsonObject { ["type"] = "error", ["error"] = error }, []);
    }

    [GeneratedRegex("^(?<name>[A-Za-z0-9_.-]+)=(?<file>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex("^/s/(?<name>[A-Za-z0-9_.-]+)(?<rest>/.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
