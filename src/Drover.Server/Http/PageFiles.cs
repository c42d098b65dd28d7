using Drover.Api;
using Microsoft.Extensions.FileProviders;

namespace Drover.Server.Http;

/// <summary>The page's files, when they were built beside the server. Only a browser with a cookie gets them.</summary>
internal static class PageFiles
{
    /// <summary>Everything from our own origin, nothing written into the page itself, nobody may frame it.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(WebApplication app, Askers askers)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var files = Directory.Exists(root) ? new PhysicalFileProvider(root) : null;
        app.MapFallback("{**path}", http => Send(http, files, askers)).WithMetadata(new HttpMethodMetadata(["GET", "HEAD"]));
    }

    private static async Task Send(HttpContext http, PhysicalFileProvider? files, Askers askers)
    {
        var path = http.Request.Path.Value ?? "/";
        if (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/mcp", StringComparison.Ordinal))
        {
            http.Response.StatusCode = 404;
            return;
        }

        askers.Judge(http, Access.Human);
        if (files is null) throw new Refusal(Problems.NoSuchRoute, "this build of Drover has no page ('./dev build' makes it where Node 20 is); the drover command can do all that it could");
        var file = files.GetFileInfo(path);

        // The page's own addresses (/tickets/APP-12) are no files: they all begin with its one document.
        var isDocument = !file.Exists && !Path.HasExtension(path);
        if (isDocument) file = files.GetFileInfo("/index.html");
        if (!file.Exists)
        {
            http.Response.StatusCode = 404;
            return;
        }

        http.Response.ContentType = TypeOf(file.Name);
        http.Response.ContentLength = file.Length;
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";

        // Built files carry a hash of their content in their names; the document that names them does not.
        http.Response.Headers.CacheControl = path.StartsWith("/assets/", StringComparison.Ordinal) ? "private, max-age=31536000, immutable" : "no-cache";
        if (HttpMethods.IsGet(http.Request.Method)) await http.Response.SendFileAsync(file, http.RequestAborted);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".json" or ".map" => "application/json",
        _ => "application/octet-stream",
    };
}
