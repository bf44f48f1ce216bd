@file:JvmName("Geometry")

package com.example.geometry

import kotlin.math.sqrt

/** A point of whole coordinates. */
data class Point(val x: Int, val y: Int)

/** A shape without an inside. */
class DegenerateException(message: String) : IllegalArgumentException(message)

/** The point, moved. */
@JvmOverloads
fun translate(point: Point, dx: Int, dy: Int = 0): Point = Point(point.x + dx, point.y + dy)

/** Twice the area of a polygon; negative where it runs clockwise. */
fun doubleArea(corners: List<Point>): Long {
    if (corners.size < 3) throw DegenerateException("${corners.size}")
    return (corners zip (corners.drop(1) + corners.take(1))).sumOf { (a, b) ->
        a.x.toLong() * b.y - b.x.toLong() * a.y
    }
}

/** As the crow flies. */
fun distance(one: Point, other: Point): Double = sqrt(squared(one, other).toDouble())

internal fun squared(one: Point, other: Point): Long {
    val dx = one.x.toLong() - other.x
    val dy = one.y.toLong() - other.y
    return dx * dx + dy * dy
}

/** What looks at many points at once. */
object Points {
    /** The first of the nearest points, or null where there is none. */
    fun nearest(points: List<Point>, to: Point): Point? = points.minByOrNull { squared(it, to) }

    /** The points by the quadrant that they are in. */
    fun byQuadrant(points: List<Point>): Map<String, List<Point>> =
        points.groupBy { (if (it.y < 0) "S" else "N") + (if (it.x < 0) "W" else "E") }

    /** The coordinates that occur. */
    @JvmStatic
    fun distinct(points: List<Point>): Set<List<Int>> = points.map { listOf(it.x, it.y) }.toSet()
}

/** Names of points and cells. */
class Names private constructor(private val name: String) {
    /** A point as text. */
    fun describe(point: Point, digits: Int = 2): String =
        "$name(${padded(point.x, digits)}, ${padded(point.y, digits)})"

    private fun padded(number: Int, digits: Int): String {
        val sign = if (number < 0) "-" else ""
        return sign + number.toString().removePrefix("-").padStart(digits - sign.length, '0')
    }

    companion object {
        /** Names that start like this. */
        fun of(name: String): Names = Names(name)

        /** Spreadsheet name of a cell, counted from one. */
        @JvmStatic
        fun gridName(column: Int, row: Int): String {
            require(column >= 1 && row >= 1) { "counted from one" }
            var rest = column
            var letters = ""
            while (rest > 0) {
                letters = ('A' + (rest - 1) % 26).toString() + letters
                rest = (rest - 1) / 26
            }
            return "$letters$row"
        }
    }
}
