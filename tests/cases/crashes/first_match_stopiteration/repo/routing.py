from dataclasses import dataclass


@dataclass
class Route:
    prefix: str
    target: str


ROUTES = [Route("/api/", "api"), Route("/static/", "cdn")]


def find_route(path: str, routes: list[Route] = ROUTES) -> Route | None:
    """The first route whose prefix matches."""
    return next(route for route in routes if path.startswith(route.prefix))


def target_for(path: str) -> str:
    route = find_route(path)
    return route.target if route is not None else "fallback"
